import { printable } from '../../core/catalogue/names.ts';
import { type Place, placeText, WhisperError } from '../../core/errors.ts';
import { cut, hanging, width, wrap } from './cells.ts';
import type { Style } from './style.ts';

const INDENT = '  ';

/** An error as text: what happened, the place with the source line underlined, and the next step. */
export function renderError(error: unknown, style: Style, columns = Number.POSITIVE_INFINITY): string {
  if (!(error instanceof WhisperError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${style('red', 'whisper: internal error:')}\n${stack}\nPlease report this bug with the command that you ran\n`;
  }
  const [first = '', ...more] = hanging(`whisper: ${printable(error.message)}`, columns);
  const { place } = error;
  const lines = [
    first.replace(/^whisper:/, (name) => style('red', name)),
    ...more,
    ...(place ? [style('bold', INDENT + printable(placeText(place)))] : []),
  ];
  return `${lines.join('\n')}\n${renderAdvice(error, style, columns)}`;
}

/** The part of an error below its message and place, for a command that has printed these two as a diagnostic. */
export function renderAdvice({ place, hint }: WhisperError, style: Style, columns = Number.POSITIVE_INFINITY): string {
  const lines = [
    ...(place ? excerptLines(place, style, columns) : []),
    ...(hint ? wrap(printable(hint), columns - INDENT.length) : []).map((line) => INDENT + style('cyan', line)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The source line of a place with the spot underlined, both in cells: 字 takes two. */
function excerptLines({ excerpt }: Place, style: Style, columns: number): readonly string[] {
  const [source = '', marks = ''] = excerpt.split('\n');
  const gutter = /^\d+ \| /.exec(source)?.[0] ?? '';
  const spot = /\^+/.exec(marks);
  const { lead, marked, rest } = windowed(
    source.slice(gutter.length),
    (spot?.index ?? gutter.length) - gutter.length,
    spot?.[0].length ?? 0,
    columns - INDENT.length - gutter.length,
  );
  // Tabs keep the mark under what it marks.
  const indent = lead.replace(/[^\t]+/g, (text) => ' '.repeat(width(text)));
  const edge = `${' '.repeat(Math.max(0, gutter.length - 2))}| `;
  return [
    `${INDENT}${style('dim', gutter)}${lead}${marked}${rest}`,
    `${INDENT}${style('dim', edge)}${indent}${style('red', '^'.repeat(Math.max(1, width(marked))))}`,
  ];
}

/** The part of a source line around the marked place that fits into a line of the terminal. `start` and `length`: characters. */
function windowed(
  code: string,
  start: number,
  length: number,
  room: number,
): { readonly lead: string; readonly marked: string; readonly rest: string } {
  const units = [...code];
  const isWhole = width(code) <= room;
  const from = isWhole || start < room / 2 ? 0 : start - Math.floor(room / 3);
  const lead = (from > 0 ? '…' : '') + printableLine(units.slice(from, start).join(''));
  const marked = printableLine(units.slice(start, start + length).join(''));
  const rest = printableLine(units.slice(start + length).join(''));
  if (isWhole) return { lead, marked, rest };
  const shown = cut(marked, Math.max(1, room - width(lead)));
  return { lead, marked: shown, rest: cut(rest, Math.max(0, room - width(lead) - width(shown))) };
}

/** The same as a JSON object. */
export function toJsonError(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof WhisperError) {
    const { code, message, hint, place, details } = error;
    return { ...details, code, message, hint, ...(place && { place }) };
  }
  const [message, stack] = error instanceof Error ? [error.message, error.stack] : [String(error), undefined];
  return {
    code: 'unexpected',
    message,
    hint: 'Please report this bug with the command that you ran',
    stack: stack ?? null,
  };
}

function printableLine(line: string): string {
  return line.split('\t').map(printable).join('\t');
}
