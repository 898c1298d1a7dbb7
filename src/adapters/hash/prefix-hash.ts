import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Range } from '../../core/hub/ranges.ts';
import type { Piece } from '../../core/state/journal.ts';
import { OPEN_NO_LINK } from '../fs/write.ts';

const READ_SIZE = 1024 * 1024;

/** The sha256 of a file while it grows. Pieces of an earlier process are checked by CRC-32: a crash may have lost them. */
export class PrefixHash {
  readonly #file: number;
  readonly #claims: Map<number, Piece>;
  readonly #buffer = Buffer.allocUnsafe(READ_SIZE);
  #hash: Hash = createHash('sha256');
  #position: number;

  constructor(path: string, claims: readonly Piece[], from = 0) {
    this.#position = from;
    this.#file = openSync(path, OPEN_NO_LINK);
    this.#claims = new Map(claims.filter(({ crc }) => crc !== undefined).map((piece) => [piece.start, piece]));
  }

  /** Hashes up to byte `to`. Returns the piece that it stopped before, if that is damaged. */
  advance(to: number): Range | undefined {
    while (this.#position < to) {
      const claim = this.#claims.get(this.#position);
      if (!claim) {
        this.#read(Math.min(to, this.#nextClaim()), false);
        continue;
      }
      const before = this.#hash.copy();
      this.#claims.delete(claim.start);
      if (this.#read(claim.end, true) === claim.crc) continue;
      this.#hash = before;
      this.#position = claim.start;
      return { start: claim.start, end: claim.end };
    }
    return undefined;
  }

  /** The sha256 of what was hashed, in hex. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }

  close(): void {
    closeSync(this.#file);
  }

  #nextClaim(): number {
    let next = Infinity;
    for (const start of this.#claims.keys()) if (start > this.#position) next = Math.min(next, start);
    return next;
  }

  #read(to: number, wantsCrc: boolean): number {
    let crc = 0;
    while (this.#position < to) {
      const length = readSync(this.#file, this.#buffer, 0, Math.min(READ_SIZE, to - this.#position), this.#position);
      // Another process has truncated the file: the hash will not match.
      if (length === 0) break;
      const bytes = this.#buffer.subarray(0, length);
      this.#hash.update(bytes);
      if (wantsCrc) crc = crc32(bytes, crc);
      this.#position += length;
    }
    this.#position = to;
    return crc;
  }
}

/** The pieces whose bytes in the file at `path` do not match their CRC-32. */
export function findDamaged(path: string, pieces: readonly Piece[]): readonly Range[] {
  const damaged: Range[] = [];
  for (const piece of pieces.toSorted((a, b) => a.start - b.start)) {
    const hash = new PrefixHash(path, [piece], piece.start);
    const bad = hash.advance(piece.end);
    hash.close();
    if (bad) damaged.push(bad);
  }
  return damaged;
}
