import { followPath } from '../../adapters/registry/path-chain.ts';
import { readSnapshot, stampOf } from '../../adapters/registry/snapshot.ts';
import { Watcher, type Polling } from '../../adapters/registry/watcher.ts';
import { registryInvalid, pollingFileSystem, watchLimitReached } from '../../core/messages/notices.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { compareLists, type WatchEvent } from '../../core/watch/events.ts';
import type { FileSnapshot } from '../../core/watch/snapshot.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import { Follower, type WatchOptions } from './follower.ts';
import { PauseReporter } from './pauses.ts';
import { ListReader, type Accepted } from './list-reader.ts';
import { purgeExpired, undoLast } from './trash.ts';

/** Milliseconds between two snapshots without an event: file systems can lose events. */
const POLL_INTERVAL = 2000;
/** The same where the file system sends no events, or the registry cannot be read. */
const SHORT_POLL_INTERVAL = 250;
/** Milliseconds after which a session begins although the registry could not be read yet. */
const START_TIMEOUT = 1000;

/** Watches a registry in the foreground and makes the models directory follow it, until the user quits or a signal arrives. */
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
  readonly #pauses: PauseReporter;
  readonly #keys: ('undo' | 'prune')[] = [];
  readonly #bugs: unknown[] = [];
  #isWoken = true;
  #pollingReason = '';
  readonly #started = performance.now();
  #isReady = false;
  #last: { readonly stamp: string; readonly snapshot: FileSnapshot } | undefined;
  #active: readonly string[] = [];
  #undoRetryAt = 0;

  constructor(context: Context, options: WatchOptions, watching: Watching) {
    this.#context = context;
    this.#options = options;
    this.#watching = watching;
    this.#reader = new ListReader(context, options);
    this.#pauses = new PauseReporter(watching.emit);
    this.#follower = new Follower(context, options, watching.emit, (bug) => {
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
      const wait = await this.#step();
      for (const bug of this.#bugs) throw bug;
      if (!this.#isOver) await this.#alarm.sleep(wait);
    }
  }

  async end(): Promise<void> {
    await this.#follower.close();
    await this.#watcher.close();
    const { accepted } = this.#reader;
    const isCurrent = accepted && readSnapshot(this.#options.file, accepted.imported).key === accepted.snapshot.key;
    if (isCurrent) await this.#purgeTrash(accepted, Number.POSITIVE_INFINITY);
    await this.#follower.trash.release();
    const { signal } = this.#context.host;
    this.#watching.emit({ event: 'stop', signal: signal.aborted ? String(signal.reason) : null });
  }

  #wake(): void {
    this.#isWoken = true;
    this.#alarm.ring();
  }

  /** Whether there was no event, no work is due, and the times of the files are the same: found without reading them. */
  #isAtRest(): boolean {
    const { accepted, isPending } = this.#reader;
    if (!this.#isReady || this.#isWoken || this.#keys.length > 0 || isPending || !accepted) return false;
    const { isAtRest, trash } = this.#follower;
    if (!isAtRest || trash.next !== undefined) return false;
    this.#followPaths();
    return this.#last?.stamp === stampOf([this.#options.file, ...accepted.imported]);
  }

  /** Takes one snapshot, reads it and acts on it; returns the milliseconds after which to do so again without an event. */
  async #step(): Promise<number> {
    if (this.#isAtRest()) return this.#watcher.polling ? SHORT_POLL_INTERVAL : POLL_INTERVAL;
    const now = performance.now();
    const snapshot = this.#snapshot();
    const result = await this.#reader.read(snapshot, now);
    this.#followPaths();
    let wait = this.#watcher.polling || snapshot.content !== 'text' ? SHORT_POLL_INTERVAL : POLL_INTERVAL;
    let pause = 'pause' in result ? result.pause : undefined;
    if (result.kind === 'wait') wait = Math.min(wait, result.milliseconds);
    if (result.kind === 'accepted') this.#accept(result.accepted);
    const { accepted } = this.#reader;
    const isStable = result.kind === 'same' || result.kind === 'accepted';
    await this.#handleKey(isStable ? accepted : undefined);
    if (isStable && accepted) {
      const followed = await this.#follower.follow(accepted, now);
      wait = Math.min(wait, followed.wait ?? wait);
      pause = followed.pause;
      if (!pause) this.#pauses.release(this.#active);
      if (!pause && now >= this.#undoRetryAt) await this.#purgeTrash(accepted, now);
    }
    if (result.kind !== 'wait' || now - this.#started > START_TIMEOUT) await this.#begin(accepted);
    if (pause) wait = Math.min(wait, this.#pauses.show(pause, now) ?? wait);
    const next = this.#follower.trash.next;
    this.#watching.undoUntil(next);
    if (next !== undefined) wait = Math.min(wait, Math.max(next, this.#undoRetryAt) - now);
    return Math.max(0, wait);
  }

  /** The bytes of the registry and its imports; they are read again only after an event, or where a time has changed. */
  #snapshot(): FileSnapshot {
    const imported = this.#reader.accepted?.imported ?? [];
    const stamp = stampOf([this.#options.file, ...imported]);
    if (this.#last && this.#last.stamp === stamp && !this.#isWoken && !this.#reader.isPending)
      return this.#last.snapshot;
    this.#isWoken = false;
    const snapshot = readSnapshot(this.#options.file, imported);
    this.#last = { stamp, snapshot };
    return snapshot;
  }

  #followPaths(): void {
    const files = [this.#options.file, ...(this.#reader.accepted?.imported ?? [])];
    this.#watcher.follow(files.map(followPath));
    const { polling } = this.#watcher;
    const sentence = polling && describePolling(polling);
    if (sentence !== undefined && sentence !== this.#pollingReason) this.#context.reporter.notice(sentence);
    this.#pollingReason = sentence ?? this.#pollingReason;
  }

  #accept(accepted: Accepted): void {
    const { added, removed } = compareLists(this.#active, accepted.names);
    this.#active = accepted.names;
    // The first list is what the session begins with, not a change.
    if (!this.#isReady) return;
    if (added.length + removed.length > 0) {
      this.#pauses.forget();
      this.#watching.emit({ event: 'change', added, removed });
    }
    this.#follower.require();
  }

  async #begin(accepted: Accepted | undefined): Promise<void> {
    if (this.#isReady) return;
    this.#isReady = true;
    const plan = accepted && (await this.#follower.begin(accepted));
    this.#watching.emit({ event: 'ready', active: this.#active });
    if (accepted && plan) this.#watching.begun(accepted.session, plan);
  }

  async #handleKey(accepted: Accepted | undefined): Promise<void> {
    const key = this.#keys.shift();
    if (key === undefined) return;
    if (!accepted) this.#context.reporter.notice(registryInvalid());
    else if (key === 'prune') this.#follower.require(true);
    else await undoLast(this.#context, accepted.session, this.#follower.trash, this.#watching.emit);
    if (this.#keys.length > 0) this.#alarm.ring();
  }

  async #purgeTrash({ session }: Accepted, now: number): Promise<void> {
    const { trash } = this.#follower;
    const isPurged = await purgeExpired(this.#context, session, trash, now, this.#watching.emit);
    this.#undoRetryAt = isPurged ? 0 : now + POLL_INTERVAL;
  }
}

export interface Watching {
  readonly emit: (event: WatchEvent) => void;
  /** Called when the session has begun, with what `sync` would do. */
  readonly begun: (session: Session, plan: Plan) => void;
  /** Until when the last prune can be undone, on the clock of `performance.now()`; `undefined`: it cannot be undone. */
  readonly undoUntil: (until: number | undefined) => void;
  /** Calls back when the user asks to undo the last prune, or to prune now. */
  readonly onKey: (pressed: (key: 'undo' | 'prune') => void) => void;
  /** Aborted when the user quits. */
  readonly quit: AbortSignal;
}

/** Why a session polls, and what helps. */
function describePolling({ reason, cause }: Polling): string {
  return reason === 'silent' ? pollingFileSystem(cause) : watchLimitReached(cause);
}

/** Sleeps until it rings, or a time is over. A ring that comes early ends the next sleep at once. */
class Alarm {
  #isRinging = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRinging = true;
    this.#wake?.();
  }

  /** Returns whether it rang before the time was over. */
  async sleep(milliseconds: number): Promise<boolean> {
    if (!this.#isRinging) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    const isRinging = this.#isRinging;
    this.#isRinging = false;
    return isRinging;
  }
}
