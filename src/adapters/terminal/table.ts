import { cut, truncateMiddle, pad, width } from './cells.ts';
import type { Display } from './display.ts';

export interface Column {
  readonly head: string;
  readonly side?: 'start' | 'end';
  /** Lower ranks are left out first: 0 before any text is cut, others when all is cut to its minimum. Without one, it stays. */
  readonly rank?: number;
  /** Whether the ends of its texts are shown where they are too long. */
  readonly keepsEnd?: boolean;
}

/** A text, and how it is coloured after layout. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

const GAP = '  ';

/**
 * Lays a table out in lines of so many cells: empty columns are left out, then others by rank, and then the widest are cut.
 * The first column is the mark of a row, followed by one space. The first line is the head.
 */
export function layTable(
  { columns, rows }: Table,
  { columns: room, style, glyphs }: Pick<Display, 'columns' | 'style' | 'glyphs'>,
): readonly string[] {
  const sizes = columns.map(({ head }, at) =>
    // There may be more rows than a call may have arguments.
    rows.reduce((most, row) => Math.max(most, width(row[at]?.text ?? '')), width(head)),
  );
  const filled = columns
    .map((_, at) => at)
    .filter((at) => at === 0 || rows.some((row) => (row[at]?.text ?? '').trim() !== ''));
  const shown = fitting(columns, sizes, filled, room);
  const laid = shrunk(columns, sizes, shown, room);
  const line = (cells: readonly Cell[]): string =>
    shown
      .map((at, index) => {
        const { text, paint } = cells[at] ?? { text: '' };
        const size = laid[index] ?? 0;
        const short = (columns[at]?.keepsEnd === true ? truncateMiddle : cut)(text, size, glyphs.ellipsis);
        const isLast = index === shown.length - 1;
        const painted = paint && short.trim() !== '' ? paint(short) : short;
        return isLast ? painted : pad(painted, size, columns[at]?.side) + (index === 0 ? ' ' : GAP);
      })
      .join('')
      .trimEnd();
  return [line(columns.map(({ head }) => ({ text: head, paint: (text) => style('dim', text) }))), ...rows.map(line)];
}

function fitting(
  columns: readonly Column[],
  sizes: readonly number[],
  filled: readonly number[],
  room: number,
): readonly number[] {
  const shown = [...filled];
  const dispensable = filled
    .flatMap((at) => (columns[at]?.rank === undefined ? [] : [{ at, rank: columns[at].rank }]))
    .toSorted((one, other) => one.rank - other.rank);
  for (const { at, rank } of dispensable) {
    const least = shown.map((each) =>
      rank > 0 && columns[each]?.rank === undefined ? Math.min(LEAST, sizes[each] ?? 0) : sizes[each],
    );
    if (total(least) + gapsOf(shown.length) <= room) break;
    shown.splice(shown.indexOf(at), 1);
  }
  return shown;
}

function shrunk(
  columns: readonly Column[],
  sizes: readonly number[],
  shown: readonly number[],
  room: number,
): readonly number[] {
  const laid = shown.map((at) => sizes[at] ?? 0);
  for (let missing = total(laid) + gapsOf(laid.length) - room; missing > 0; missing -= 1) {
    // What is cut between its ends says most.
    const named = laid.findIndex((size, index) => size > LEAST && columns[shown[index] ?? -1]?.keepsEnd === true);
    const widest = named >= 0 ? named : laid.indexOf(Math.max(...laid));
    laid[widest] = Math.max(1, (laid[widest] ?? 0) - 1);
  }
  return laid;
}

/** Cells that a column without a rank keeps while others can be left out. */
const LEAST = 19;

function total(sizes: readonly (number | undefined)[]): number {
  return sizes.reduce((sum: number, size) => sum + (size ?? 0), 0);
}

function gapsOf(columns: number): number {
  return 1 + GAP.length * (columns - 2);
}
