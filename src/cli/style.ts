import { styleText } from 'node:util';
import type { Output } from '../adapters/host.ts';

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Puts a colour on a text, or not. */
export type Style = (format: Format, text: string) => string;

/** Colours for a stream: on a terminal, unless `NO_COLOR`, `--no-color` or a dumb terminal say no; `FORCE_COLOR` says yes. */
export function styleFor(
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
  noColor: boolean,
): Style {
  const forced = environment['FORCE_COLOR'];
  const isForced = forced !== undefined && forced !== '0' && forced !== 'false';
  const isWanted = output.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const enabled = !noColor && (isForced || isWanted);
  return (format, text) => (enabled ? styleText(format, text, { validateStream: false }) : text);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size for people, in powers of 1000 as disks are sold: `59.7 MB`. */
export function formatBytes(bytes: number): string {
  let power = 0;
  let value = bytes;
  // What would be rounded to 1000 is one of the next unit.
  for (; value >= 999.5 && power < UNITS.length - 1; power += 1) value /= 1000;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
