import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HEADER_BYTES } from '../../core/formats/header.ts';
import type { Range, Ranges } from '../../core/hub/ranges.ts';
import type { Fingerprint } from '../../core/messages/transfer/bytes.ts';
import { type GrowingPiece, Chunks } from '../../core/state/chunks.ts';
import { joinPins, type Piece, type Pin } from '../../core/state/journal.ts';
import { asDiskError } from '../fs/errors.ts';
import { makeFolder } from '../fs/state-files.ts';
import { EarlySync, openForUpdate, writeAll } from '../fs/write.ts';
import { findDamaged } from '../hash/prefix-hash.ts';
import { FollowingHash } from '../hash/running-hash.ts';
import { JournalFile, removePartial } from './journal-file.ts';

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
  #pin: Pin;

  private constructor(path: string, file: FileHandle, pin: Pin, claims: readonly Piece[], isRestarted: boolean) {
    this.path = path;
    this.isRestarted = isRestarted;
    this.#pieces = new Chunks(claims);
    this.#file = file;
    this.#journal = new JournalFile(path);
    this.#hash = new FollowingHash(path);
    this.#early = new EarlySync(file);
    this.#pin = pin;
  }

  /** Opens the partial file at `path`, and resumes if its bytes are for the same pin. */
  static async open(path: string, pin: Pin): Promise<PartialFile> {
    try {
      makeFolder(dirname(path));
      const file = await openForUpdate(path);
      const { size } = await file.stat();
      const { claims, known, isOther } = JournalFile.load(path, pin, size);
      if (claims.length === 0) await file.truncate(0);
      const partial = new PartialFile(path, file, joinPins(known, pin), claims, isOther);
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

  /** Takes size and hash from the hub. `true`: the file has changed there, and all bytes were dropped. */
  async learn({ size, sha256 }: Fingerprint): Promise<boolean> {
    const { size: oldSize = size, sha256: oldHash = sha256, ...source } = this.#pin;
    const hasChanged = (size ?? oldSize) !== oldSize || (sha256 ?? oldHash) !== oldHash;
    if (hasChanged) {
      this.#pin = source;
      await this.restart();
    }
    const isNewSize = size !== undefined && this.#pin.size === undefined;
    this.#pin = { ...this.#pin, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
    if (isNewSize) await this.#allocate();
    return hasChanged;
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
