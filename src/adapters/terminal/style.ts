import { styleText } from 'node:util';
import type { Output } from '../process/host.ts';

export type Format = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export type Style = (format: Format, text: string) => string;

/** Colours for a stream: on a terminal, unless `NO_COLOR`, `--no-color` or a dumb terminal disables them; `FORCE_COLOR` enables them. */
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
