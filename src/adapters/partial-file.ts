import { createHash, type Hash } from 'node:crypto';
import { chmod, mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Known } from '../core/hub/mismatch.ts';
import { HEADER_BYTES } from '../core/models/header.ts';
import type { Pin } from '../core/models/journal.ts';
import { asDiskError } from './disk-error.ts';
import { loadJournal, removePartial, saveJournal } from './journal-file.ts';

const WRITE_SIZE = 1024 * 1024;
/** Bytes after which the journal is written again: what a killed process has to fetch twice, at the most. */
const JOURNAL_STEP = 16 * WRITE_SIZE;

/**
 * The unfinished download of one model: its bytes so far, a journal that says which of them count, and the hash of
 * those. Bytes that the journal does not vouch for are fetched again.
 */
export class PartialFile {
  readonly path: string;
  readonly #file: FileHandle;
  #pin: Pin;
  #hash: Hash = createHash('sha256');
  #received: number;
  #hashed = 0;
  #pending: Buffer[] = [];
  #pendingSize = 0;
  #journaled: number;

  private constructor(path: string, file: FileHandle, pin: Pin, received: number) {
    this.path = path;
    this.#file = file;
    this.#pin = pin;
    this.#received = received;
    this.#journaled = received;
  }

  /** Opens the partial file at `path`, going on with what is there if it was meant for the same bytes. */
  static async open(path: string, pin: Pin): Promise<PartialFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await openForUpdate(path);
      const { size } = await file.stat();
      const journal = loadJournal(path);
      const usable = journal !== undefined && journal.received <= size && samePin(journal.pin, pin);
      const partial = new PartialFile(
        path,
        file,
        usable ? { ...journal.pin, ...pin } : pin,
        usable ? journal.received : 0,
      );
      if (!usable) await file.truncate(0);
      return partial;
    } catch (error) {
      throw asDiskError(error, path);
    }
  }

  /** Bytes from the start of the file that are there, written or about to be. */
  get received(): number {
    return this.#received + this.#pendingSize;
  }

  get pin(): Pin {
    return this.#pin;
  }

  /** Takes over what the hub says of the bytes. Where that contradicts what it said before, the file has changed there. */
  async learn({ size, sha256 }: Known): Promise<void> {
    const { size: oldSize = size, sha256: oldHash = sha256, ...source } = this.#pin;
    if ((size ?? oldSize) !== oldSize || (sha256 ?? oldHash) !== oldHash) {
      this.#pin = source;
      await this.restart();
    }
    this.#pin = { ...this.#pin, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
  }

  /** Adds the next bytes. */
  async append(chunk: Buffer): Promise<void> {
    this.#pending.push(chunk);
    this.#pendingSize += chunk.length;
    if (this.#pendingSize >= WRITE_SIZE) await this.#write();
    if (this.#received - this.#journaled >= JOURNAL_STEP) this.#writeJournal();
  }

  /** The first bytes of the file, as far as they are there. */
  async header(): Promise<Buffer> {
    await this.#write();
    const buffer = Buffer.alloc(Math.min(HEADER_BYTES, this.#received));
    await this.#file.read(buffer, 0, buffer.length, 0);
    return buffer;
  }

  /** Throws everything away and starts at byte 0 again. */
  async restart(): Promise<void> {
    this.#pending = [];
    this.#pendingSize = 0;
    this.#received = 0;
    this.#hashed = 0;
    this.#hash = createHash('sha256');
    await this.#guard(() => this.#file.truncate(0));
    this.#writeJournal();
  }

  /** The sha256 of all bytes, in hex. What an earlier process left is read back from the disk first. */
  async digest(): Promise<string> {
    await this.#write();
    await this.#catchUp(this.#received);
    return this.#hash.copy().digest('hex');
  }

  /** Writes what is pending to the disk, as far as it takes it, and closes the file; it stays for the next run. */
  async keep(): Promise<void> {
    try {
      // On a full disk, what was written in part makes room for the journal.
      await this.#write().catch(() => this.#guard(() => this.#file.truncate(this.#received)));
      this.#writeJournal();
    } finally {
      await this.#file.close();
    }
  }

  /** Brings the bytes safely to the disk, with the mode that a published model has, and closes the file. */
  async seal(mode: number): Promise<void> {
    this.#writeJournal();
    await this.#guard(async () => {
      await this.#file.chmod(mode);
      await this.#file.sync();
    });
    await this.#file.close();
  }

  /** Closes the file and removes it. */
  async discard(): Promise<void> {
    await this.#file.close();
    removePartial(this.path);
  }

  async #write(): Promise<void> {
    if (this.#pendingSize === 0) return;
    const chunks = this.#pending;
    await this.#catchUp(this.#received);
    await this.#guard(async () => {
      let at = this.#received;
      for (const block of chunks.length > 1 ? [Buffer.concat(chunks)] : chunks) {
        for (let done = 0; done < block.length;) {
          const { bytesWritten } = await this.#file.write(block, done, block.length - done, at);
          done += bytesWritten;
          at += bytesWritten;
        }
      }
    });
    for (const chunk of chunks) this.#hash.update(chunk);
    this.#received += this.#pendingSize;
    this.#hashed = this.#received;
    this.#pending = [];
    this.#pendingSize = 0;
  }

  async #catchUp(to: number): Promise<void> {
    const buffer = this.#hashed < to ? Buffer.allocUnsafe(WRITE_SIZE) : Buffer.alloc(0);
    while (this.#hashed < to) {
      const { bytesRead } = await this.#file.read(buffer, 0, Math.min(buffer.length, to - this.#hashed), this.#hashed);
      if (bytesRead === 0) break;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#hashed += bytesRead;
    }
  }

  #writeJournal(): void {
    this.#journaled = this.#received;
    saveJournal(this.path, this.#pin, this.#received);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asDiskError(error, this.path);
    }
  }
}

async function openForUpdate(path: string): Promise<FileHandle> {
  // A complete one that was not published has the mode of a model already.
  await chmod(path, 0o644).catch(() => undefined);
  const created = await open(path, 'a');
  await created.close();
  return open(path, 'r+');
}

function samePin(a: Pin, b: Pin): boolean {
  const same = <T>(one: T | undefined, other: T | undefined): boolean =>
    one === undefined || other === undefined || one === other;
  if (!same(a.size, b.size) || !same(a.sha256, b.sha256)) return false;
  // Bytes of a known hash are the same wherever they come from.
  return (b.sha256 !== undefined && a.sha256 === b.sha256) || (a.repo === b.repo && a.revision === b.revision);
}
