import { cut, pad, width } from '../../adapters/terminal/cells.ts';
import type { Glyphs } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { type Cell, layTable } from '../../adapters/terminal/table.ts';
import { count } from '../../core/quantity.ts';
import type { PlanPreview } from './plan-preview.ts';
import { cellsOf, COLUMNS, type Row } from './rows.ts';

export interface View {
  readonly rows: readonly Row[];
  readonly matching: readonly Row[];
  readonly focus: number;
  /** File names, in the order in which they were chosen. */
  readonly chosen: readonly string[];
  readonly filter: string;
  readonly cursor: number;
  /** Why the last Enter was refused. */
  readonly refusal: string | undefined;
  /** Whether the picker asks if the selection may be dropped. */
  readonly isLeaving: boolean;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  readonly glyphs: Glyphs;
}

/** Lines that are shorter than the screen is wide, fewer than it is high, and the column of the cursor in the first of them. */
interface Frame {
  readonly lines: readonly string[];
  readonly cursor: number;
}

const QUESTION = 'Which models? ';
const LABEL = 10;
const MOST_ROWS = 20;
// Screens with fewer rows omit these.
const [ROWS_FOR_TITLES, ROWS_FOR_KEYS, ROWS_FOR_AIR] = [10, 9, 18];

/** How many cells the texts of a preview have. */
export function previewRoom({ columns }: Pick<Screen, 'columns'>): number {
  return Math.max(1, columns - 1 - LABEL - 2);
}

export function layOut(view: View, preview: PlanPreview, screen: Screen): Frame {
  const { columns, rows, style, glyphs } = screen;
  const room = Math.max(1, columns - 1);
  const margin = width(glyphs.focused) + width(glyphs.open) + 2;
  const focused = view.matching[view.focus];
  const cells = view.rows.map((row) => {
    const isFocused = row === focused;
    return cellsOf(markOf(isFocused, view.chosen.includes(row.file), screen), row, style, isFocused);
  });
  const [titles = '', ...laid] = layTable({ columns: COLUMNS, rows: cells }, { ...screen, columns: room });
  const edge = laid.reduce((most, line) => Math.max(most, width(line)), 60);
  const first = questionLine(view, Math.min(room, edge), room, style);
  const head = [first.line, ...(rows >= ROWS_FOR_TITLES ? [titles] : [])];
  const tail = [
    ...previewLines(preview, room, style),
    ...(rows >= ROWS_FOR_KEYS || isAnswer(view) ? [keysLine(view, room, screen)] : []),
  ];
  const air = rows >= ROWS_FOR_AIR ? 1 : 0;
  const shown = Math.min(MOST_ROWS, Math.max(1, rows - 1 - head.length - air - tail.length));
  const start = Math.max(0, Math.min(view.focus - Math.floor(shown / 2), view.matching.length - shown));
  const lineOf = new Map(view.rows.map((row, at) => [row, laid[at] ?? '']));
  const list = view.matching.slice(start, start + shown).map((row) => lineOf.get(row) ?? '');
  const body = list.length > 0 ? list : [cut(`${' '.repeat(margin)}no model matches`, room)];
  const hidden = hiddenText(start, view.matching.length - start - list.length, glyphs);
  const between = air > 0 ? [style('dim', cut(' '.repeat(margin) + hidden, room).trimEnd())] : [];
  const lines = [...head, ...body, ...between, ...tail].slice(0, Math.max(1, rows - 1));
  return { lines: lines.map((line) => line.replaceAll('…', glyphs.ellipsis)), cursor: first.cursor };
}

function questionLine(view: View, edge: number, room: number, style: Style): { line: string; cursor: number } {
  const { rows, matching, chosen, filter, cursor } = view;
  const found = filter === '' ? count(rows.length, 'model') : `${matching.length} of ${count(rows.length, 'model')}`;
  const numbers = chosen.length > 0 ? `${chosen.length} selected, ${found}` : found;
  const left = edge - width(QUESTION) - width(numbers) - 2;
  // On a narrow screen, the filter matters more than the numbers.
  const space = left >= 12 ? left : Math.max(1, room - width(QUESTION));
  const [before, after] = windowOf(filter, cursor, space);
  const hint = filter === '' ? cut('type to filter', space) : '';
  const typed = pad(before + after + hint, space);
  const shown = hint === '' ? typed : style('dim', typed);
  const end = left >= 12 ? `  ${style('dim', numbers)}` : '';
  const line = `${style('bold', cut(QUESTION, room))}${room > width(QUESTION) ? shown : ''}${end}`.trimEnd();
  return { line, cursor: Math.min(room, width(QUESTION) + width(before)) };
}

function windowOf(filter: string, cursor: number, space: number): readonly [string, string] {
  let before: readonly string[] = Array.from(filter.slice(0, cursor));
  while (before.length > 0 && width(before.join('')) >= space) before = before.slice(1);
  const text = before.join('');
  return [text, cut(filter.slice(cursor), Math.max(0, space - width(text)))];
}

function hiddenText(above: number, below: number, glyphs: Glyphs): string {
  const parts = [
    ...(above > 0 ? [`${glyphs.above} ${above} more`] : []),
    ...(below > 0 ? [`${glyphs.below} ${below} more`] : []),
  ];
  return parts.join('  ');
}

function markOf(isFocused: boolean, isChosen: boolean, { glyphs, style }: Screen): Cell {
  const pointer = isFocused ? glyphs.focused : ' '.repeat(width(glyphs.focused));
  const box = isChosen ? glyphs.chosen : glyphs.open;
  const paint = (): string =>
    `${isFocused ? style('cyan', pointer) : pointer} ${style(isChosen ? 'green' : 'dim', box)}`;
  return { text: `${pointer} ${box}`, paint };
}

function previewLines(preview: PlanPreview, room: number, style: Style): readonly string[] {
  const line = (label: string, text: string, format?: 'yellow' | 'red'): string => {
    const start = cut(`  ${label.padEnd(LABEL)}`, room);
    const rest = cut(text, room - width(start));
    return style('dim', start) + (format ? style(format, rest) : rest);
  };
  return [
    line('download', preview.fetch),
    line('remove', preview.remove, preview.removes ? 'yellow' : undefined),
    line('disk', preview.disk, preview.trouble === undefined ? undefined : 'red'),
  ];
}

function isAnswer({ refusal, isLeaving }: View): boolean {
  return refusal !== undefined || isLeaving;
}

function keysLine({ chosen, filter, refusal, isLeaving }: View, room: number, { style, glyphs }: Screen): string {
  if (refusal !== undefined) return style('red', cut(`  Cannot download: ${refusal}`, room));
  if (isLeaving)
    return style(
      'yellow',
      cut(
        `  Discard the selection (${count(chosen.length, 'model')})? esc: discard ${glyphs.dot} any other key: go back`,
        room,
      ),
    );
  const keys = ['tab select', 'enter download', filter === '' ? 'esc cancel' : 'esc clear', 'ctrl-c quit'];
  return style('dim', cut(`  ${keys.join(` ${glyphs.dot} `)}`, room));
}
