import type { Sized } from '../../core/plan/plan.ts';
import type { HashedFile } from '../../core/state/record.ts';
import { hashUnverified, type Hashes } from '../plan/hash-unverified.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

/** Hashes, in the background, files that the list no longer names and that have no record. */
export class Hashing {
  readonly #context: Context;
  readonly #hashes = new Map<string, HashedFile>();
  /** Files that could not be hashed: they are tried again when the list changes. */
  readonly #failed = new Set<string>();
  #running:
    { readonly names: ReadonlySet<string>; readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  /** Called at each end, with the error where it is a bug. */
  readonly #ended: (bug?: unknown) => void;

  constructor(context: Context, ended: (bug?: unknown) => void) {
    this.#context = context;
    this.#ended = ended;
  }

  /** The hashes that no prune has used yet. */
  get hashes(): Hashes {
    return new Map(this.#hashes);
  }

  done(hashes: Hashes): void {
    for (const [name, hashed] of hashes) if (this.#hashes.get(name) === hashed) this.#hashes.delete(name);
  }

  /** Tries again what could not be hashed, after a change of the list. */
  retry(): void {
    this.#failed.clear();
  }

  follow(session: Session, unverified: readonly Sized[]): void {
    const wanted = unverified.filter(({ name }) => !this.#failed.has(name));
    const running = this.#running;
    if (running) {
      const isSame = wanted.length === running.names.size && wanted.every(({ name }) => running.names.has(name));
      // What is still unverified is hashed again once this run has ended.
      if (!isSame) running.stop.abort();
      return;
    }
    if (wanted.length === 0) return;
    const stop = new AbortController();
    const names = new Set(wanted.map(({ name }) => name));
    this.#running = { names, stop, ended: this.#run(session, wanted, stop.signal) };
  }

  async close(): Promise<void> {
    this.#running?.stop.abort();
    await this.#running?.ended;
  }

  async #run(session: Session, files: readonly Sized[], signal: AbortSignal): Promise<void> {
    const { host } = this.#context;
    const ending = AbortSignal.any([host.signal, signal]);
    let bug: unknown;
    try {
      const found = await hashUnverified({ ...this.#context, host: { ...host, signal: ending } }, session, {
        unverified: files,
      });
      for (const [name, hashed] of found) this.#hashes.set(name, hashed);
      for (const { name } of files) if (!found.has(name)) this.#failed.add(name);
    } catch (error) {
      if (ending.aborted)
        this.#context.reporter.log('info', 'hashing was stopped', { names: files.map(({ name }) => name) });
      else bug = error;
    }
    this.#running = undefined;
    this.#ended(bug);
  }
}
