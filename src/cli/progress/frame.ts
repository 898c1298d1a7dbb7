import { cut, pad, width } from '../../adapters/terminal/cells.ts';
import type { Glyphs } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { timeLeft, count, formatBytes } from '../../core/quantity.ts';
import type { Measure, View } from './rows.ts';

export interface TerminalCapabilities {
  readonly style: Style;
  /** Lines of box drawings in two colours; else `#` and `-`. */
  readonly hasLines: boolean;
  readonly glyphs: Glyphs;
}

const GAP = 2;
const BAR = { least: 6, most: 32 };
const NAME = { least: 8 };
/** Cells of the fields, so that nothing moves when a number gets longer. */
const CELLS = { percent: 5, bytes: 18, rate: 9, left: 11, connections: 14 } as const;

type Field = Exclude<keyof typeof CELLS, 'percent'>;
/** The fields that begin below each other; the others end there. */
const LEFT: ReadonlySet<Field> = new Set(['bytes', 'connections']);
/** The most fields first: the first choice that fits is shown. */
const CHOICES: readonly (readonly Field[])[] = [
  ['bytes', 'rate', 'left', 'connections'],
  ['bytes', 'rate', 'left'],
  ['rate', 'left'],
  ['left'],
  [],
];

interface Layout {
  readonly name: number;
  readonly bar: number;
  readonly hasPercent: boolean;
  readonly fields: readonly Field[];
}

/** Progress lines: one for each model under way, and one for all of several. At most `rows`, none reaching the last column. */
export function frame(
  view: View,
  { columns, rows }: { columns: number; rows: number },
  look: TerminalCapabilities,
): readonly string[] {
  const { total } = view;
  const hasTotal = total.count > 1;
  const totalName = `${total.done} of ${count(total.count, 'model')}`;
  const room = Math.max(hasTotal ? 0 : 1, rows - (hasTotal ? 1 : 0));
  const isClipped = view.rows.length > room;
  const shown = view.rows.slice(0, isClipped && room > 1 ? room - 1 : room);
  const hidden = view.rows.length - shown.length;
  const names = [...shown.map(({ name }) => name), ...(hasTotal ? [totalName] : [])];
  const hasConnections = shown.some(({ connections }) => connections !== undefined);
  const layout = layoutFor(Math.max(0, ...names.map(width)), columns - 1, hasConnections);
  return [
    ...shown.map((row) => line(row.name, row, layout, look)),
    ...(hidden > 0 && room > 1 ? [look.style('dim', cut(`+ ${hidden} more`, columns - 1))] : []),
    ...(hasTotal ? [line(totalName, total, layout, look, 'bold')] : []),
  ];
}

function layoutFor(name: number, cells: number, hasConnections: boolean): Layout {
  const choices = CHOICES.filter((fields) => hasConnections || !fields.includes('connections'));
  const taken = (fields: readonly Field[]): number =>
    GAP + CELLS.percent + fields.reduce((sum, field) => sum + GAP + CELLS[field], 0);
  const fields = choices.find((each) => name + GAP + BAR.least + taken(each) <= cells) ?? [];
  const left = cells - taken(fields);
  // A terminal that is too narrow even for a number.
  if (left < 1) return { name: Math.min(name, Math.max(0, cells)), bar: 0, hasPercent: false, fields };
  const shown = Math.min(name, Math.max(NAME.least, left - GAP - BAR.least));
  const bar = Math.min(BAR.most, left - GAP - shown);
  if (bar < BAR.least) return { name: Math.min(name, left), bar: 0, hasPercent: true, fields };
  return { name: shown, bar, hasPercent: true, fields };
}

function line(name: string, measure: Measure, layout: Layout, look: TerminalCapabilities, format?: 'bold'): string {
  const { received, size, phase } = measure;
  const share = size === undefined ? undefined : shareOf(received, size);
  const shown = pad(cut(name, layout.name, look.glyphs.ellipsis), layout.name);
  const parts = [format ? look.style(format, shown) : shown];
  if (layout.bar > 0) parts.push(share === undefined ? ' '.repeat(layout.bar) : barText(share, layout.bar, look));
  if (layout.hasPercent) parts.push(pad(share === undefined ? '' : percentText(share), CELLS.percent, 'start'));
  const texts = fieldTexts(measure, look.style);
  const fields = phase === undefined ? layout.fields : layout.fields.filter((field) => field === 'bytes');
  parts.push(...fields.map((field) => pad(texts[field], CELLS[field], LEFT.has(field) ? 'end' : 'start')));
  const rest = layout.fields.slice(fields.length).reduce((sum, field) => sum + GAP + CELLS[field], -GAP);
  if (phase !== undefined && rest > 0) parts.push(look.style('yellow', cut(phase, rest, look.glyphs.ellipsis)));
  return parts.join(' '.repeat(GAP)).trimEnd();
}

function fieldTexts({ received, size, rate, left, connections }: Measure, style: Style): Record<Field, string> {
  return {
    bytes:
      pad(formatBytes(received), 7, 'start') + (size === undefined ? '' : style('dim', ` of ${formatBytes(size)}`)),
    rate: rate === undefined ? '' : rateText(rate),
    left: left === undefined ? '' : timeLeft(left),
    connections: connections ? style('dim', count(connections, 'connection')) : '',
  };
}

function bytesText(received: number, size: number | undefined): string {
  return size === undefined ? formatBytes(received) : `${formatBytes(received)} of ${formatBytes(size)}`;
}

function rateText(rate: number): string {
  return `${formatBytes(Math.round(rate))}/s`;
}

/** ` 42 %`; all of it only when nothing is missing. */
function percentText(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

export function shareOf(received: number, size: number): number {
  return size === 0 ? 1 : Math.min(1, received / size);
}

function barText(share: number, cells: number, { style, hasLines }: TerminalCapabilities): string {
  if (!hasLines) {
    const full = Math.floor(share * cells);
    return '#'.repeat(full) + '-'.repeat(cells - full);
  }
  const halves = Math.floor(share * cells * 2);
  const full = Math.floor(halves / 2);
  const done = '━'.repeat(full) + (halves % 2 === 1 ? '╸' : '');
  const rest = cells - done.length;
  // A gap of half a cell marks the end of the done part even where the two colours look alike.
  const begin = halves % 2 === 0 && full > 0 && rest > 0 ? '╺' : '';
  return style('cyan', done) + style('dim', begin + '━'.repeat(rest - begin.length));
}

/** How far downloads are, for a log: `small.en-q5_1: 42 %, 80.1 MB of 190 MB, 12.1 MB/s, 9 s left`, or of several together. */
export function logLine({ rows, total }: View): string {
  const [row] = rows;
  const [name, measure] = total.count === 1 && row ? [row.name, row] : [count(total.count, 'model'), total];
  const { received, size, rate, left, phase } = measure;
  const facts = [
    size === undefined ? undefined : percentText(shareOf(received, size)),
    bytesText(received, size),
    phase ?? (rate === undefined ? undefined : rateText(rate)),
    phase !== undefined || left === undefined ? undefined : timeLeft(left),
  ];
  return `${name}: ${facts.filter((fact) => fact !== undefined).join(', ')}`;
}
