import { asErrorOfItsPath } from '../../adapters/fs/errors.ts';
import { danglingLink } from '../../adapters/registry/find-registry.ts';
import { importedFiles, readSnapshot } from '../../adapters/registry/snapshot.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { listUnreadable, registryHasNoText, registryStillOpen } from '../../core/messages/watch.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { compareLists } from '../../core/watch/events.ts';
import { isLineWise, type FileSnapshot, type Pending, debounce } from '../../core/watch/snapshot.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession, type Session } from '../session/session.ts';
import type { WatchPause } from './pauses.ts';

export interface Accepted {
  readonly snapshot: FileSnapshot;
  readonly session: Session;
  readonly names: readonly string[];
  /** Files that the list is computed from. */
  readonly imported: readonly string[];
}

type ReadResult =
  | { readonly kind: 'same' }
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly pause?: WatchPause }
  | { readonly kind: 'accepted'; readonly accepted: Accepted }
  | { readonly kind: 'pause'; readonly pause: WatchPause };

/** Milliseconds for which a change that may be half of a save must not change. */
const CONFIRM = 150;

/** Milliseconds after which a text that could not be read is read again. */
const READ_AGAIN = 2000;

/** Decides from snapshots of a registry when its text is whole, and what it lists. */
export class ListReader {
  readonly #context: Context;
  readonly #options: CommonOptions & { readonly file: string };
  #accepted: Accepted | undefined;
  #pending: Pending | undefined;
  #read: { readonly key: string; readonly at: number; readonly result: Accepted | WhisperError } | undefined;
  /** Whether the registry could not be read when the session began: its first text may be incomplete. */
  #startedUnread = false;

  constructor(context: Context, options: CommonOptions & { readonly file: string }) {
    this.#context = context;
    this.#options = options;
  }

  get accepted(): Accepted | undefined {
    return this.#accepted;
  }

  /** Whether a snapshot is due although there may be no event. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  async read(snapshot: FileSnapshot, now: number): Promise<ReadResult> {
    if (this.#accepted?.snapshot.key === snapshot.key) {
      this.#accepted = { ...this.#accepted, snapshot };
      this.#pending = undefined;
      return { kind: 'same' };
    }
    const { pending, wait } = debounce(this.#pending, snapshot, this.#accepted?.snapshot.identity ?? '', now);
    this.#pending = pending;
    const { since } = pending;
    this.#startedUnread ||= !this.#accepted && snapshot.content !== 'text';
    if (snapshot.content !== 'text')
      return { kind: 'pause', pause: { ...noText(snapshot.content, this.#options.file), since } };
    if (wait > 0) {
      const isOpen = snapshot.hasWriter === true;
      return {
        kind: 'wait',
        milliseconds: wait,
        ...(isOpen && { pause: { reason: 'open', message: registryStillOpen(this.#options.file), since } }),
      };
    }
    const result = await this.#readOnce(snapshot, now);
    // It was saved while it was read: the next snapshot has the new text.
    if (!result) return { kind: 'wait', milliseconds: 0 };
    if (result instanceof WhisperError)
      return { kind: 'pause', pause: { reason: 'invalid', message: listUnreadable(result), since } };
    const left = this.#needsConfirmation(result) ? CONFIRM - (now - since) : 0;
    if (left > 0) return { kind: 'wait', milliseconds: left };
    this.#accepted = result;
    this.#pending = undefined;
    return { kind: 'accepted', accepted: result };
  }

  /** Whether a change that drops models has to last a moment: one that changes more than lines, or leaves no model. */
  #needsConfirmation(after: Accepted): boolean {
    const before = this.#accepted;
    if (!before) return this.#startedUnread;
    const { removed } = compareLists(before.names, after.names);
    if (removed.length === 0) return before.session.modelsDir.path !== after.session.modelsDir.path;
    const isPlain = after.session.registry.source === 'static' && after.names.length > 0;
    const dropped = before.session.active.filter(({ name }) => removed.includes(name)).map(({ value }) => value);
    return !isPlain || !isLineWise(before.session.registry.text, after.session.registry.text, dropped);
  }

  /** Reads each text once; an error is read again later: its cause may be in another file. `undefined`: the text has changed. */
  async #readOnce(snapshot: FileSnapshot, now: number): Promise<Accepted | WhisperError | undefined> {
    const isOld = this.#read?.result instanceof WhisperError && now - this.#read.at >= READ_AGAIN;
    if (this.#read?.key !== snapshot.key || isOld) {
      const result = await this.#readFile(snapshot);
      this.#read = result && { key: snapshot.key, at: now, result };
    }
    return this.#read?.result;
  }

  async #readFile(snapshot: FileSnapshot): Promise<Accepted | WhisperError | undefined> {
    const { file } = this.#options;
    this.#context.nix.forget();
    try {
      const imports = importedFiles(file);
      // Taken before Nix reads the files: what changes in between is in the next snapshot.
      const [alone, withImports] = [readSnapshot(file, []), readSnapshot(file, imports)];
      const session = await openSession(this.#context, this.#options);
      requireModelNames(session.registry);
      const isSame = [alone.bytes, withImports.bytes, asBytes(session.registry.text)].every(
        (each) => each === snapshot.bytes,
      );
      if (!isSame) return undefined;
      const names = session.active.map(({ name }) => name);
      return session.registry.source === 'nix-eval'
        ? { snapshot: withImports, session, names, imported: imports }
        : { snapshot: alone, session, names, imported: [] };
    } catch (thrown) {
      // It was replaced or removed while it was read.
      if (readSnapshot(file, []).bytes !== snapshot.bytes) return undefined;
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

function noText(content: Exclude<FileSnapshot['content'], 'text'>, file: string): Omit<WatchPause, 'since'> {
  const reason = content === 'absent' || content === 'empty' ? content : 'invalid';
  return {
    reason,
    message: registryHasNoText(file, content === 'absent' && danglingLink(file) ? 'dangling' : content),
  };
}
