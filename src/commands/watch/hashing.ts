import type { Sized } from '../../core/plan/plan.ts';
import type { HashedFile } from '../../core/state/record.ts';
import { hashUnverified, type Hashes } from '../plan/hash-unverified.ts';
import type { Context, Session } from '../session/session.ts';

/** Hashes, in the background, what a list no longer names and nobody has a record of. */
export class Hashing {
  readonly #context: Context;
  readonly #hashes = new Map<string, HashedFile>();
  /** Could not be hashed: not tried again before the list changes. */
  readonly #failed = new Set<string>();
  #running:
    { readonly names: ReadonlySet<string>; readonly stop: AbortController; readonly ended: Promise<void> } | undefined;
  /** Called at each end, with the error where it is a bug. */
  readonly #ended: (bug?: unknown) => void;

  constructor(context: Context, ended: (bug?: unknown) => void) {
    this.#context = context;
    this.#ended = ended;
  }

  /** What has been found and nobody has acted on. */
  get hashes(): Hashes {
    return new Map(this.#hashes);
  }

  /** These have been acted on. */
  done(hashes: Hashes): void {
    for (const [name, hashed] of hashes) if (this.#hashes.get(name) === hashed) this.#hashes.delete(name);
  }

  /** The list has changed: what could not be hashed is tried again. */
  retry(): void {
    this.#failed.clear();
  }

  /** These are to be hashed now, and nothing else. */
  follow(session: Session, unverified: readonly Sized[]): void {
    const wanted = unverified.filter(({ name }) => !this.#failed.has(name));
    const running = this.#running;
    if (running) {
      const isSame = wanted.length === running.names.size && wanted.every(({ name }) => running.names.has(name));
      // What is still wanted begins again when it has ended.
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
