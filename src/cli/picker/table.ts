import { cut, width } from '../../adapters/terminal/cells.ts';
import type { Row } from './rows.ts';

export type Column = 'name' | 'size' | 'language' | 'quantisation' | 'memory' | 'state';

/** Columns with the cells that each takes. */
export type Table = readonly { readonly column: Column; readonly cells: number }[];

/** A cell in its colour. */
export type Paint = (column: Column, text: string) => string;

const COLUMNS: readonly Column[] = ['name', 'size', 'language', 'quantisation', 'memory', 'state'];
const GAP = 2;
/** What goes first where there is no room. */
const LEAST_WANTED: readonly Column[] = ['memory', 'quantisation', 'language'];
/** What every name of upstream fits into. */
const MOST_NAME = 28;
/** Less of a state than this says nothing. */
const LEAST_STATE = 8;

export const TITLES: Readonly<Record<Column, string>> = {
  name: 'MODEL',
  size: 'SIZE',
  language: 'LANG',
  quantisation: 'QUANT',
  memory: 'MEMORY',
  state: 'STATE',
};

/** The columns of these rows that have room in so many cells. */
export function fitTable(rows: readonly Row[], room: number): Table {
  const all = COLUMNS.map((column) => ({ column, cells: widest(rows, column) }));
  // One long name does not take the room of all that is said of the others.
  let table: Table =
    tableWidth(all) <= room
      ? all
      : all.map(({ column, cells }) => ({ column, cells: column === 'name' ? Math.min(cells, MOST_NAME) : cells }));
  for (const column of LEAST_WANTED)
    if (tableWidth(table) > room) table = table.filter((each) => each.column !== column);
  const over = tableWidth(table) - room;
  if (over <= 0) return table;
  const state = (table.at(-1)?.cells ?? 0) - over;
  if (state >= LEAST_STATE) return [...table.slice(0, -1), { column: 'state', cells: state }];
  const [name, size] = table;
  if (!name || !size) return table;
  return tableWidth([name, size]) <= room ? [name, size] : [{ column: 'name', cells: room }];
}

export function tableWidth(table: Table): number {
  return table.reduce((sum, { cells }) => sum + cells + GAP, -GAP);
}

/** One line of a table. */
export function tableLine(table: Table, row: Pick<Row, Column>, paint: Paint): string {
  const cells = table.map(({ column, cells: room }) => {
    const isNumber = column === 'size' || column === 'memory';
    const text = cut(row[column], room);
    // Blanks are left out of the colour, so that those at the end can go.
    const painted = text === '' ? '' : paint(column, text);
    const blank = ' '.repeat(Math.max(0, room - width(text)));
    return isNumber ? blank + painted : painted + blank;
  });
  return cells.join(' '.repeat(GAP)).trimEnd();
}

function widest(rows: readonly Row[], column: Column): number {
  return rows.reduce((most, row) => Math.max(most, width(row[column])), width(TITLES[column]));
}
