import { followPath } from '../../adapters/registry/path-chain.ts';
import { readSnapshot, stampOf } from '../../adapters/registry/snapshot.ts';
import { Watcher } from '../../adapters/registry/watcher.ts';
import { registryInvalid } from '../../core/messages/notices.ts';
import { compareLists } from '../../core/watch/events.ts';
import type { FileSnapshot } from '../../core/watch/snapshot.ts';
import type { Context } from '../session/session.ts';
import { Alarm } from './alarm.ts';
import { Follower, type WatchOptions } from './follower.ts';
import { ListReader, type Accepted } from './list-reader.ts';
import { PauseReporter } from './pauses.ts';
import { describeDeaf } from './polling-reason.ts';
import { settleDue, undoLast } from './trash.ts';
import type { Watching } from './watching.ts';

/** Milliseconds between two looks where nothing happens: the net under the events of the kernel. */
const NET = 2000;
/** The same where events do not come. */
const CLOSE_NET = 250;
/** Milliseconds after which a session begins although nobody knows yet what the registry says. */
const LONGEST_START = 1000;

/** Watches a registry in the foreground and makes the folder follow it, until somebody ends it. */
export async function watch(context: Context, options: WatchOptions, watching: Watching): Promise<void> {
  const session = new WatchSession(context, options, watching);
  try {
    await session.run();
  } finally {
    await session.end();
  }
}

class WatchSession {
  readonly #context: Context;
  readonly #options: WatchOptions;
  readonly #watching: Watching;
  readonly #alarm = new Alarm();
  readonly #watcher = new Watcher(() => this.#wake());
  readonly #reader: ListReader;
  readonly #follower: Follower;
  readonly #holds: PauseReporter;
  readonly #keys: ('undo' | 'prune')[] = [];
  readonly #bugs: unknown[] = [];
  #isWoken = true;
  #deafness = '';
  readonly #started = performance.now();
  #isReady = false;
  #seen: { readonly stamp: string; readonly look: FileSnapshot } | undefined;
  #active: readonly string[] = [];
  #undoRetryAt = 0;

  constructor(context: Context, options: WatchOptions, watching: Watching) {
    this.#context = context;
    this.#options = options;
    this.#watching = watching;
    this.#reader = new ListReader(context, options);
    this.#holds = new PauseReporter(watching.tell);
    this.#follower = new Follower(context, options, watching.tell, (bug) => {
      if (bug !== undefined) this.#bugs.push(bug);
      this.#alarm.ring();
    });
    watching.onKey((key) => {
      this.#keys.push(key);
      this.#alarm.ring();
    });
    for (const signal of [watching.quit, context.host.signal])
      signal.addEventListener('abort', () => this.#alarm.ring(), { once: true });
  }

  get #isOver(): boolean {
    return this.#watching.quit.aborted || this.#context.host.signal.aborted;
  }

  async run(): Promise<void> {
    this.#followPaths();
    await this.#watcher.ready;
    while (!this.#isOver) {
      const wait = await this.#turn();
      for (const bug of this.#bugs) throw bug;
      if (!this.#isOver) await this.#alarm.sleep(wait);
    }
  }

  async end(): Promise<void> {
    await this.#follower.close();
    await this.#watcher.close();
    const { accepted } = this.#reader;
    const isCurrent = accepted && readSnapshot(this.#options.file, accepted.imported).key === accepted.look.key;
    if (isCurrent) await this.#settleUndo(accepted, Number.POSITIVE_INFINITY);
    await this.#follower.undoable.release();
    const { signal } = this.#context.host;
    this.#watching.tell({ event: 'stop', signal: signal.aborted ? String(signal.reason) : null });
  }

  #wake(): void {
    this.#isWoken = true;
    this.#alarm.ring();
  }

  /** Whether nothing has happened, nothing waits to be done, and the files are what they were: told without reading. */
  #isAtRest(): boolean {
    const { accepted, isPending } = this.#reader;
    if (!this.#isReady || this.#isWoken || this.#keys.length > 0 || isPending || !accepted) return false;
    const { isAtRest, undoable } = this.#follower;
    if (!isAtRest || undoable.next !== undefined) return false;
    this.#followPaths();
    return this.#seen?.stamp === stampOf([this.#options.file, ...accepted.imported]);
  }

  /** Looks, thinks and acts once; returns the milliseconds after which to look again if nothing happens. */
  async #turn(): Promise<number> {
    if (this.#isAtRest()) return this.#watcher.deaf ? CLOSE_NET : NET;
    const now = performance.now();
    const look = this.#look();
    const verdict = await this.#reader.judge(look, now);
    this.#followPaths();
    let wait = this.#watcher.deaf || look.content !== 'text' ? CLOSE_NET : NET;
    let trouble = 'trouble' in verdict ? verdict.trouble : undefined;
    if (verdict.kind === 'wait') wait = Math.min(wait, verdict.milliseconds);
    if (verdict.kind === 'accepted') this.#take(verdict.accepted);
    const { accepted } = this.#reader;
    const isSettled = verdict.kind === 'same' || verdict.kind === 'accepted';
    await this.#obey(isSettled ? accepted : undefined);
    if (isSettled && accepted) {
      const followed = await this.#follower.follow(accepted, now);
      wait = Math.min(wait, followed.wait ?? wait);
      trouble = followed.trouble;
      if (!trouble) this.#holds.release(this.#active);
      if (!trouble && now >= this.#undoRetryAt) await this.#settleUndo(accepted, now);
    }
    if (verdict.kind !== 'wait' || now - this.#started > LONGEST_START) await this.#begin(accepted);
    if (trouble) wait = Math.min(wait, this.#holds.show(trouble, now) ?? wait);
    const next = this.#follower.undoable.next;
    this.#watching.undoUntil(next);
    if (next !== undefined) wait = Math.min(wait, Math.max(next, this.#undoRetryAt) - now);
    return Math.max(0, wait);
  }

  /** What is there now; read again only where something may have happened. */
  #look(): FileSnapshot {
    const imported = this.#reader.accepted?.imported ?? [];
    const stamp = stampOf([this.#options.file, ...imported]);
    if (this.#seen && this.#seen.stamp === stamp && !this.#isWoken && !this.#reader.isPending) return this.#seen.look;
    this.#isWoken = false;
    const look = readSnapshot(this.#options.file, imported);
    this.#seen = { stamp, look };
    return look;
  }

  #followPaths(): void {
    const files = [this.#options.file, ...(this.#reader.accepted?.imported ?? [])];
    this.#watcher.follow(files.map(followPath));
    const { deaf } = this.#watcher;
    const sentence = deaf && describeDeaf(deaf);
    if (sentence !== undefined && sentence !== this.#deafness) this.#context.reporter.notice(sentence);
    this.#deafness = sentence ?? this.#deafness;
  }

  #take(accepted: Accepted): void {
    const { added, removed } = compareLists(this.#active, accepted.names);
    this.#active = accepted.names;
    // What was there before anybody watched stays as it is.
    if (!this.#isReady) return;
    if (added.length + removed.length > 0) {
      this.#holds.forget();
      this.#watching.tell({ event: 'change', added, removed });
    }
    this.#follower.require();
  }

  async #begin(accepted: Accepted | undefined): Promise<void> {
    if (this.#isReady) return;
    this.#isReady = true;
    const plan = accepted && (await this.#follower.begin(accepted));
    this.#watching.tell({ event: 'ready', active: this.#active });
    if (accepted && plan) this.#watching.begun(accepted.session, plan);
  }

  async #obey(accepted: Accepted | undefined): Promise<void> {
    const key = this.#keys.shift();
    if (key === undefined) return;
    if (!accepted) this.#context.reporter.notice(registryInvalid());
    else if (key === 'prune') this.#follower.require(true);
    else await undoLast(this.#context, accepted.session, this.#follower.undoable, this.#watching.tell);
    if (this.#keys.length > 0) this.#alarm.ring();
  }

  async #settleUndo({ session }: Accepted, now: number): Promise<void> {
    const { undoable } = this.#follower;
    const isSettled = await settleDue(this.#context, session, undoable, now, this.#watching.tell);
    this.#undoRetryAt = isSettled ? 0 : now + NET;
  }
}
