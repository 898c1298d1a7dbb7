import { type Range, Ranges } from '../hub/ranges.ts';
import type { Piece } from './journal.ts';

export interface GrowingPiece {
  readonly start: number;
  end: number;
  crc?: number;
}

/** The pieces of a file that have arrived, and together which of its bytes are there. */
export class Chunks {
  readonly have: Ranges;
  #all: readonly GrowingPiece[];

  constructor(pieces: readonly Piece[]) {
    this.#all = pieces.map((piece) => ({ ...piece }));
    this.have = new Ranges(pieces);
  }

  /** Those that have any bytes, as they are now. */
  get all(): readonly Piece[] {
    return this.#all.filter(({ start, end }) => start < end).map((piece) => ({ ...piece }));
  }

  begin(start: number): GrowingPiece {
    const piece = { start, end: start };
    this.#all = [...this.#all, piece];
    return piece;
  }

  /** Adds the bytes that have arrived at the end of a piece; `false` where the piece was given up since. */
  grow(piece: GrowingPiece, bytes: number, crc: number | undefined): boolean {
    if (!this.#all.includes(piece)) return false;
    piece.end += bytes;
    if (crc !== undefined) piece.crc = crc;
    this.have.add({ start: piece.end - bytes, end: piece.end });
    return true;
  }

  /** Forgets a range: the pieces that reach into it keep what is before it. */
  forget(range: Range): void {
    const isOutside = ({ start, end }: Range): boolean => end <= range.start || start >= range.end;
    const rests = this.#all.filter((piece) => !isOutside(piece) && piece.start < range.start);
    // What is left of a piece has no CRC: that was of more bytes.
    this.#all = [...this.#all.filter(isOutside), ...rests.map(({ start }) => ({ start, end: range.start }))];
    this.have.remove(range);
  }
}
