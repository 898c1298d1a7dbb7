import { rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { partialFiles, type Piece, type Pin, readJournal, samePin, writeJournal } from '../../core/state/journal.ts';
import { asDiskError } from '../fs/errors.ts';
import { faultPoint } from '../fs/fault-points.ts';
import { requireOwnFolders } from '../fs/own-folders.ts';
import { NOTE_MODE, readNote } from '../fs/state-files.ts';

/** Milliseconds and bytes after which the journal is written again: what a killed process has to fetch twice. */
const INTERVAL = 1000;
const STEP = 16 * 1024 * 1024;

type State = readonly [pin: Pin, pieces: readonly Piece[]];

/** What an earlier process left. */
interface Inherited {
  readonly claims: readonly Piece[];
  /** What it knew of the bytes. */
  readonly known: Pin | undefined;
  /** Whether there were bytes of another file. */
  readonly isOther: boolean;
}

/** The journal beside the partial file at `path`. */
export class JournalFile {
  readonly #path: string;
  #saving: Promise<void> = Promise.resolve();
  #isSaving = false;
  #unsaved = 0;
  #savedAt = performance.now();

  constructor(path: string) {
    this.#path = path;
  }

  /** What the journal of the partial file at `path` vouches for, where the file has `size` bytes and is to become `pin`. */
  static load(path: string, pin: Pin, size: number): Inherited {
    const journal = readJournal(readNote(`${path}.json`));
    if (!journal || !samePin(journal.pin, pin))
      return { claims: [], known: undefined, isOther: (journal?.received ?? 0) > 0 };
    return { claims: journal.finished.filter(({ end }) => end <= size), known: journal.pin, isOther: false };
  }

  /** Bytes were added to the file. */
  grown(bytes: number): void {
    this.#unsaved += bytes;
  }

  /** Writes the journal, beside everything else, where enough has come or some time has passed since it was written. */
  saveIfDue(state: () => State, enough = STEP): void {
    const isDue = this.#unsaved >= enough || performance.now() - this.#savedAt >= INTERVAL;
    if (this.#isSaving || this.#unsaved === 0 || !isDue) return;
    // What cannot be written now is written at the end, or the error comes up then.
    this.save(...state()).catch(() => undefined);
  }

  /** Replaces the journal in one step, so that a crash leaves the old one or the new one. */
  async save(pin: Pin, pieces: readonly Piece[]): Promise<void> {
    const text = writeJournal(pin, pieces);
    this.#unsaved = 0;
    this.#isSaving = true;
    const before = this.#saving;
    this.#saving = (async () => {
      await before.catch(() => undefined);
      try {
        await replaceJournal(`${this.#path}.json`, text);
      } finally {
        this.#isSaving = false;
        this.#savedAt = performance.now();
      }
    })();
    return this.#saving;
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#saving.catch(() => undefined);
  }
}

async function replaceJournal(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  // A download takes its time, in which somebody may have put a link in the place of the folder.
  requireOwnFolders(path);
  try {
    // Never written through what somebody may have put there.
    await rm(temporary, { force: true });
    const file = await open(temporary, 'wx', NOTE_MODE);
    try {
      await file.chmod(NOTE_MODE);
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    faultPoint('journal: written beside');
    await rename(temporary, path);
    faultPoint('journal: replaced');
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw asDiskError(error, path);
  }
}

/** Removes a partial file and its journal; it is no error if they are not there. */
export function removePartial(path: string): void {
  requireOwnFolders(path);
  for (const each of partialFiles(path)) {
    try {
      rmSync(each, { force: true });
    } catch (error) {
      throw asDiskError(error, each);
    }
  }
}
