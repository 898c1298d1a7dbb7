import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HEADER_BYTES } from '../../core/formats/header.ts';
import type { Range, Ranges } from '../../core/hub/ranges.ts';
import type { FileFacts } from '../../core/hub/answer.ts';
import { notEnoughSpaceForFile } from '../../core/messages/disk.ts';
import { type GrowingPiece, Chunks } from '../../core/state/chunks.ts';
import { isResumable, joinPins, type Pin, withFacts } from '../../core/state/journal.ts';
import { asDiskError, withDiskErrors } from '../fs/errors.ts';
import { makeFolder } from '../fs/state-files.ts';
import { EarlySync, openForUpdate, writeAll } from '../fs/write.ts';
import { findDamaged } from '../hash/prefix-hash.ts';
import { FollowingHash } from '../hash/running-hash.ts';
import { type Inherited, JournalFile, removePartial } from './journal-file.ts';
import { freeBytes } from './scan.ts';

/** Bytes that are dropped on a full disk to make room for the journal of the others. */
const JOURNAL_ROOM = 1024 * 1024;

/** The unfinished download of a model: bytes in any order, and a journal of which count; others are downloaded again. */
export class PartialFile {
  readonly path: string;
  /** Whether there were bytes of another file, which were dropped. */
  readonly isRestarted: boolean;
  readonly #pieces: Chunks;
  readonly #file: FileHandle;
  readonly #journal: JournalFile;
  readonly #hash: FollowingHash;
  readonly #early: EarlySync;
  /** What was given when it was opened; the pin has what was learned since. */
  readonly #given: Pin;
  #pin: Pin;

  private constructor(path: string, file: FileHandle, given: Pin, { claims, known, isOther }: Inherited) {
    this.path = path;
    this.isRestarted = isOther;
    this.#pieces = new Chunks(claims);
    this.#file = file;
    this.#journal = new JournalFile(path);
    this.#hash = new FollowingHash(path);
    this.#early = new EarlySync(file);
    this.#given = given;
    this.#pin = joinPins(known, given);
  }

  /** Opens the partial file at `path`, and resumes if its bytes are for the same pin. */
  static async open(path: string, pin: Pin): Promise<PartialFile> {
    try {
      makeFolder(dirname(path));
      const file = await openForUpdate(path);
      const { size } = await file.stat();
      const inherited = JournalFile.load(path, pin, size);
      if (inherited.claims.length === 0) await file.truncate(0);
      const partial = new PartialFile(path, file, pin, inherited);
      await partial.#allocate();
      return partial;
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  /** Which bytes are on the disk. */
  get have(): Ranges {
    return this.#pieces.have;
  }

  get received(): number {
    return this.have.total;
  }

  get pin(): Pin {
    return this.#pin;
  }

  /** Whether a later run can continue from the bytes. */
  get isResumable(): boolean {
    return this.received > 0 && this.#pin.size !== undefined && isResumable(this.#pin);
  }

  /**
   * Takes size, hash and version from the server. `true`: the file has changed there, and all bytes were dropped. Throws `no-space`
   * (exit 6) where a size that was not known before does not fit.
   */
  async learn(facts: Pick<FileFacts, 'size' | 'sha256' | 'version'>): Promise<boolean> {
    const {
      size: oldSize = facts.size,
      sha256: oldHash = facts.sha256,
      version: oldVersion = facts.version,
    } = this.#pin;
    const { size = oldSize, sha256 = oldHash, version } = facts;
    const isOtherVersion = oldHash === undefined && version !== oldVersion;
    const hasChanged = size !== oldSize || sha256 !== oldHash || isOtherVersion;
    if (hasChanged) await this.reset();
    const isNewSize = size !== undefined && this.#pin.size === undefined;
    if (isNewSize) this.#requireRoom(size);
    this.#pin = withFacts(this.#pin, facts);
    if (isNewSize) await this.#allocate();
    return hasChanged;
  }

  #requireRoom(size: number): void {
    const folder = dirname(dirname(dirname(this.path)));
    const [needed, free] = [size - this.received, withDiskErrors(folder, () => freeBytes(folder))];
    if (needed > free) throw notEnoughSpaceForFile(folder, needed, free);
  }

  begin(start: number): GrowingPiece {
    return this.#pieces.begin(start);
  }

  /** Writes the bytes that come next in a piece; `crc`: the CRC-32 of the piece with them, where it is taken. */
  async write(piece: GrowingPiece, blocks: readonly Buffer[], crc: number | undefined): Promise<void> {
    const length = await this.#guard(() => writeAll(this.#file, blocks, piece.end));
    if (!this.#pieces.grow(piece, length, crc)) return;
    this.#hash.follow(this.#pieces, this.#pin.size);
    this.#journal.grown(length);
    this.#early.wrote(length);
    this.checkpoint();
  }

  /** Saves the journal if enough bytes have arrived; at the end of a segment, if any have. */
  checkpoint(isSegmentEnd = false): void {
    this.#journal.saveIfDue(() => [this.#pin, this.#pieces.all], isSegmentEnd ? 1 : undefined);
  }

  /** Drops bytes, which will be downloaded again. */
  forget(range: Range): void {
    if (range.start < this.have.prefix) this.#hash.drop();
    this.#pieces.forget(range);
  }

  /** The sha256 of all bytes, in hex. `undefined`: some of an earlier process are damaged, and are dropped. */
  async digest(): Promise<string | undefined> {
    const result = await this.#hash.follow(this.#pieces, this.#pin.size).finish(this.have.prefix);
    if (typeof result === 'string') return result;
    this.#pieces.forget(result);
    return undefined;
  }

  /** The pieces whose bytes on the disk are not those that came. */
  damaged(): readonly Range[] {
    return findDamaged(this.path, this.#pieces.all);
  }

  async header(): Promise<Buffer> {
    const buffer = Buffer.alloc(Math.min(HEADER_BYTES, this.have.prefix));
    await this.#guard(() => this.#file.read(buffer, 0, buffer.length, 0));
    return buffer;
  }

  /** Drops all bytes, and what was learned of them. */
  async reset(): Promise<void> {
    this.#pin = this.#given;
    await this.restart();
  }

  async restart(): Promise<void> {
    this.forget({ start: 0, end: Infinity });
    await this.#guard(() => this.#file.truncate(0));
    await this.#allocate();
    this.#save();
  }

  /** Closes the file, which stays with its journal for the next run. */
  async keep(): Promise<void> {
    this.#hash.drop();
    try {
      await this.#saveOrMakeRoom();
    } finally {
      await this.#file.close();
    }
  }

  /** Syncs the file to the disk, with the mode of a published model, and closes it. */
  async seal(mode: number): Promise<void> {
    this.#hash.drop();
    this.#save();
    await this.#guard(async () => {
      await this.#file.chmod(mode);
      await this.#file.sync();
    });
    await this.#file.close();
  }

  async discard(): Promise<void> {
    this.#hash.drop();
    await this.#file.close();
    removePartial(this.path);
  }

  #save(): void {
    this.#journal.save(this.#pin, this.#pieces.all);
  }

  async #saveOrMakeRoom(): Promise<void> {
    try {
      this.#save();
    } catch {
      await this.#makeRoom();
      this.#save();
    }
  }

  /** Gives the file its final size; the system takes the space when bytes are written. */
  async #allocate(): Promise<void> {
    const { size } = this.#pin;
    if (size !== undefined) await this.#guard(() => this.#file.truncate(size));
  }

  async #makeRoom(): Promise<void> {
    const start = Math.max(0, this.have.end - JOURNAL_ROOM);
    this.#pieces.forget({ start, end: Infinity });
    await this.#guard(() => this.#file.truncate(start));
    await this.#allocate();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw asDiskError(error, this.path);
    });
  }
}
