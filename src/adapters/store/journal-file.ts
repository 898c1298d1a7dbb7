import { rmSync } from 'node:fs';
import {
  isResumable,
  joinPins,
  partialFiles,
  type Piece,
  type Pin,
  readJournal,
  samePin,
  writeJournal,
} from '../../core/state/journal.ts';
import { replaceFile } from '../fs/atomic-write.ts';
import { withDiskErrors } from '../fs/errors.ts';
import { readStateFile, STATE_FILE_MODE } from '../fs/state-files.ts';
import { requireWhisperFolders } from '../fs/whisper-folder.ts';

/** Milliseconds and bytes after which the journal is written again: what a killed process has to download twice. */
const INTERVAL = 1000;
const STEP = 16 * 1024 * 1024;

/** What is left of an earlier run. */
export interface Inherited {
  readonly claims: readonly Piece[];
  /** What it knew about the bytes. */
  readonly known: Pin | undefined;
  /** Whether there were bytes of another file. */
  readonly isOther: boolean;
}

export class JournalFile {
  readonly #path: string;
  #unsaved = 0;
  #savedAt = performance.now();

  constructor(path: string) {
    this.#path = `${path}.json`;
  }

  static load(path: string, pin: Pin, size: number): Inherited {
    const journal = readJournal(readStateFile(`${path}.json`));
    if (!journal || !samePin(journal.pin, pin))
      return { claims: [], known: undefined, isOther: (journal?.received ?? 0) > 0 };
    if (!isResumable(joinPins(journal.pin, pin))) return { claims: [], known: undefined, isOther: false };
    return { claims: journal.finished.filter(({ end }) => end <= size), known: journal.pin, isOther: false };
  }

  grown(bytes: number): void {
    this.#unsaved += bytes;
  }

  /** Writes the journal if `enough` bytes have arrived, or some time has passed, since the last write. */
  saveIfDue(state: () => readonly [pin: Pin, pieces: readonly Piece[]], enough = STEP): void {
    const isDue = this.#unsaved >= enough || performance.now() - this.#savedAt >= INTERVAL;
    if (this.#unsaved === 0 || !isDue) return;
    try {
      this.save(...state());
    } catch {
      // The last write throws the error if it persists.
    }
  }

  /**
   * Replaces the journal. Without a sync: bytes that a power failure loses are found by their CRC-32, or by the sha256
   * of the whole file where they have none.
   */
  save(pin: Pin, pieces: readonly Piece[]): void {
    this.#unsaved = 0;
    this.#savedAt = performance.now();
    const how = { mode: STATE_FILE_MODE, isSynced: false, kind: 'journal' } as const;
    requireWhisperFolders(this.#path);
    withDiskErrors(this.#path, () => replaceFile(this.#path, writeJournal(pin, pieces), how));
  }
}

/** Removes a partial file and its journal; missing ones are not an error. */
export function removePartial(path: string): void {
  requireWhisperFolders(path);
  for (const each of partialFiles(path)) withDiskErrors(each, () => rmSync(each, { force: true }));
}
