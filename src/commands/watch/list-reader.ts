import { asErrorOfItsPath } from '../../adapters/fs/errors.ts';
import { danglingLink } from '../../adapters/registry/find-registry.ts';
import { importedFiles, readSnapshot } from '../../adapters/registry/snapshot.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { listUnreadable, registryHasNoText, registryStillOpen } from '../../core/messages/watch.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { compareLists } from '../../core/watch/events.ts';
import { isLineWise, type FileSnapshot, type Pending, debounce } from '../../core/watch/snapshot.ts';
import { type CommonOptions, type Context, openSession, type Session } from '../session/session.ts';
import type { WatchPause } from './pauses.ts';

/** A registry as it was read last, whole and without an error. */
export interface Accepted {
  readonly look: FileSnapshot;
  readonly session: Session;
  readonly names: readonly string[];
  /** Files that the list is computed from. */
  readonly imported: readonly string[];
}

export type Verdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly trouble?: WatchPause }
  | { readonly kind: 'accepted'; readonly accepted: Accepted }
  | { readonly kind: 'trouble'; readonly trouble: WatchPause };

/** Milliseconds for which a change that may be half of something else has to stay as it is. */
const CONFIRM = 150;

/** Milliseconds after which a text that could not be read is read again. */
const READ_AGAIN = 2000;

/** Tells from looks at a registry when its text is whole and what it lists. It never acts on what it does not understand. */
export class ListReader {
  readonly #context: Context;
  readonly #options: CommonOptions & { readonly file: string };
  #accepted: Accepted | undefined;
  #pending: Pending | undefined;
  #read: { readonly key: string; readonly at: number; readonly result: Accepted | WhisperError } | undefined;
  /** Whether there was nothing to read when the session began: what comes then may come in parts. */
  #isLate = false;

  constructor(context: Context, options: CommonOptions & { readonly file: string }) {
    this.#context = context;
    this.#options = options;
  }

  get accepted(): Accepted | undefined {
    return this.#accepted;
  }

  /** Whether there is something to look at again, although nothing may happen to the file. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  async judge(look: FileSnapshot, now: number): Promise<Verdict> {
    if (this.#accepted?.look.key === look.key) {
      this.#accepted = { ...this.#accepted, look };
      this.#pending = undefined;
      return { kind: 'same' };
    }
    const { pending, wait } = debounce(this.#pending, look, this.#accepted?.look.identity ?? '', now);
    this.#pending = pending;
    const { since } = pending;
    this.#isLate ||= !this.#accepted && look.content !== 'text';
    if (look.content !== 'text')
      return { kind: 'trouble', trouble: { ...nothingToRead(look.content, this.#options.file), since } };
    if (wait > 0) {
      const isOpen = look.hasWriter === true;
      return {
        kind: 'wait',
        milliseconds: wait,
        ...(isOpen && { trouble: { reason: 'open', message: registryStillOpen(this.#options.file), since } }),
      };
    }
    const result = await this.#readOnce(look, now);
    // Somebody saved while it was read: the next look sees what.
    if (!result) return { kind: 'wait', milliseconds: 0 };
    if (result instanceof WhisperError)
      return { kind: 'trouble', trouble: { reason: 'invalid', message: listUnreadable(result), since } };
    const left = this.#needsConfirmation(result) ? CONFIRM - (now - since) : 0;
    if (left > 0) return { kind: 'wait', milliseconds: left };
    this.#accepted = result;
    this.#pending = undefined;
    return { kind: 'accepted', accepted: result };
  }

  /** Dropping is what hurts: it is confirmed where it comes with more than that, or leaves nothing. */
  #needsConfirmation(after: Accepted): boolean {
    const before = this.#accepted;
    if (!before) return this.#isLate;
    const { removed } = compareLists(before.names, after.names);
    if (removed.length === 0) return before.session.modelsDir.path !== after.session.modelsDir.path;
    const isPlain = after.session.registry.source === 'static' && after.names.length > 0;
    return !isPlain || !isLineWise(before.session.registry.text, after.session.registry.text, removed);
  }

  /** Each text is read once, however often it is looked at; what is wrong with it may lie in other files, and get mended there. `undefined`: it was another one by then. */
  async #readOnce(look: FileSnapshot, now: number): Promise<Accepted | WhisperError | undefined> {
    const isOld = this.#read?.result instanceof WhisperError && now - this.#read.at >= READ_AGAIN;
    if (this.#read?.key !== look.key || isOld) {
      const result = await this.#readAnew(look);
      this.#read = result && { key: look.key, at: now, result };
    }
    return this.#read?.result;
  }

  async #readAnew(look: FileSnapshot): Promise<Accepted | WhisperError | undefined> {
    const { file } = this.#options;
    this.#context.nix.forget();
    try {
      const imports = importedFiles(file);
      // Looked at before Nix reads them: what changes while it does is seen by the next look.
      const [alone, withImports] = [readSnapshot(file, []), readSnapshot(file, imports)];
      const session = await openSession(this.#context, this.#options);
      requireModelNames(session.registry);
      const isSame = [alone.bytes, withImports.bytes, asBytes(session.registry.text)].every(
        (each) => each === look.bytes,
      );
      if (!isSame) return undefined;
      const names = session.active.map(({ name }) => name);
      return session.registry.source === 'nix-eval'
        ? { look: withImports, session, names, imported: imports }
        : { look: alone, session, names, imported: [] };
    } catch (thrown) {
      // Taken away while it was read: the next look sees what there is.
      if (readSnapshot(file, []).bytes !== look.bytes) return undefined;
      const error = asErrorOfItsPath(thrown);
      const isReported = error instanceof WhisperError && (this.#accepted || error.exitCode === EXIT.registry);
      if (isReported) return error;
      throw error;
    }
  }
}

function asBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function nothingToRead(content: Exclude<FileSnapshot['content'], 'text'>, file: string): Omit<WatchPause, 'since'> {
  const reason = content === 'absent' || content === 'empty' ? content : 'invalid';
  return {
    reason,
    message: registryHasNoText(file, content === 'absent' && danglingLink(file) ? 'dangling' : content),
  };
}
