import { existsSync } from 'node:fs';
import { withDirectoryLock, withFreeLock } from '../../adapters/lock/flock.ts';
import { downloadCancelled } from '../../core/messages/transfer/network.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import { apply } from '../apply/apply.ts';
import { type Goal, planFor, type PruneRules } from '../plan/plan.ts';
import type { Context } from '../session/context.ts';
import { lockSettings, type Session } from '../session/session.ts';
import { errorEvent } from './pauses.ts';

/** Models at a time; each may have several connections. */
const AT_ONCE = 2;

/** Milliseconds to wait for other processes. */
const WAIT = 10_000;

/** Fetches in the background what is added to the list, and cancels what is removed from it. */
export class Downloads {
  readonly #context: Context;
  readonly #emit: (event: WatchEvent) => void;
  readonly #running = new Map<string, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  readonly #wanted = new Set<string>();
  #session: Session | undefined;
  /** Called at each end, with the error where it is a bug. */
  readonly #ended: (bug?: unknown) => void;

  constructor(context: Context, emit: (event: WatchEvent) => void, ended: (bug?: unknown) => void) {
    this.#context = context;
    this.#emit = emit;
    this.#ended = ended;
  }

  /** Fetches these models, and tries again what has failed before. */
  want(session: Session, added: readonly string[]): void {
    this.#session = session;
    for (const name of added) this.#wanted.add(name);
    for (const name of this.#wanted) this.#start(name);
  }

  drop(session: Session, removed: readonly string[]): void {
    this.#session = session;
    for (const name of removed) {
      this.#wanted.delete(name);
      this.#running.get(name)?.controller.abort(new NotListed());
    }
  }

  async close(): Promise<void> {
    this.#wanted.clear();
    const running = [...this.#running.values()];
    for (const { controller } of running) controller.abort();
    await Promise.all(running.map(({ ended }) => ended));
  }

  #start(name: string): void {
    const session = this.#session;
    if (!session || this.#running.has(name) || this.#running.size >= AT_ONCE) return;
    if (session.modelsDir.has(name, session.catalogue.get(name)?.size)) return;
    const controller = new AbortController();
    this.#running.set(name, { controller, ended: this.#run(session, name, controller.signal) });
  }

  async #run(session: Session, name: string, signal: AbortSignal): Promise<void> {
    let bug: unknown;
    let hasFailed = false;
    try {
      await this.#fetch(session, name, signal);
    } catch (error) {
      const isEnding = this.#context.host.signal.aborted;
      hasFailed = !signal.aborted && !isEnding;
      if (hasFailed) bug = this.#report(error);
      if (signal.reason instanceof NotListed && !isEnding) bug = await this.#discard(name);
    }
    this.#running.delete(name);
    this.#ended(bug);
    // What failed waits for the next change; what was removed and added again starts at once.
    for (const each of this.#wanted) if (each !== name || !hasFailed) this.#start(each);
  }

  #report(error: unknown): unknown {
    try {
      this.#emit(errorEvent(error));
      return undefined;
    } catch (bug) {
      return bug;
    }
  }

  /** Removes the partial file of a cancelled download, unless a registry lists the model. */
  async #discard(name: string): Promise<unknown> {
    const session = this.#session;
    if (!session || this.#wanted.has(name)) return undefined;
    const { modelsDir } = session;
    try {
      const isRemoved = (): boolean => !existsSync(modelsDir.partialPath(name));
      // The prune of the same change may have removed it already.
      if (!isRemoved())
        await withDirectoryLock(modelsDir.lockPath, lockSettings(this.#context, WAIT), async () => {
          const { plan } = await planFor(this.#context, goalFor(session, [], { prune: true, inUse: true }), session);
          if (plan.stalePartials.some((partial) => partial.name === name))
            await withFreeLock(modelsDir.fetchLockPath(name), () => modelsDir.removePartial(name));
        });
      this.#context.reporter.notice(downloadCancelled(name, isRemoved()));
      return undefined;
    } catch (error) {
      return this.#report(error);
    }
  }

  async #fetch(session: Session, name: string, signal: AbortSignal): Promise<void> {
    const { host } = this.#context;
    const ending = AbortSignal.any([host.signal, signal]);
    const delay: typeof host.delay = (milliseconds, until) =>
      host.delay(milliseconds, until ? AbortSignal.any([ending, until]) : ending);
    const context: Context = { ...this.#context, host: { ...host, signal: ending, delay } };
    const goal: Goal = {
      ...goalFor(session, [name], { prune: false, inUse: false }),
      load: async () => {
        ending.throwIfAborted();
        // With an older list, what was pruned since would be restored.
        return this.#session?.modelsDir.path === session.modelsDir.path ? this.#session : session;
      },
    };
    const options = { dryRun: false, wait: WAIT, watch: { trash: undefined, hashes: new Map() } };
    const { arrived } = await apply(context, goal, options, session, await planFor(context, goal, session));
    // A model that was removed from the list since it was published goes with the prune of that change.
    if (signal.reason instanceof NotListed) throw signal.reason;
    for (const { path, size, sha256, seconds, received } of arrived)
      this.#emit({ event: 'download', name, path, size, sha256, seconds, received });
  }
}

/**
 * A goal without a list of its own; with `prune`, models that no registry lists may be removed. The registry is noted as a root,
 * because this may be its first download into the directory.
 */
function goalFor(session: Session, wanted: readonly string[], rules: Pick<PruneRules, 'prune' | 'inUse'>): Goal {
  return {
    load: async () => session,
    wanted: () => wanted,
    refetch: false,
    register: false,
    onEmptyList: 'keep',
    rules: { ...rules, unmanaged: false, allowEmpty: true, roots: {} },
  };
}

class NotListed extends Error {}
