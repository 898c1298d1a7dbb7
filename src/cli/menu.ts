import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Host } from '../adapters/host.ts';
import type { Offer } from '../commands/choice.ts';
import { noModelChosen, notInMenu } from '../core/messages/usage.ts';
import { rowOf } from './picker/rows.ts';
import { fitTable, tableLine } from './picker/table.ts';

/**
 * Shows a numbered menu of the catalogue and reads one line: numbers and names. At the end of input, or for a number that the
 * menu does not have, a usage error. Returns what was typed as names.
 */
export async function chooseFromMenu(host: Host, offers: readonly Offer[]): Promise<readonly string[]> {
  host.stderr.write(`${menuText(offers, host.stderr.columns || undefined)}Which models? Numbers or names: `);
  const line = await readLine(host);
  if (host.stdin.isTTY !== true) host.stderr.write('\n');
  return readAnswer(line ?? '', offers);
}

/** The menu in lines that fit into so many columns; `undefined`: as wide as it gets. */
export function menuText(offers: readonly Offer[], columns = Number.POSITIVE_INFINITY): string {
  const rows = offers.map(rowOf);
  const digits = Math.max(3, String(rows.length).length);
  const table = fitTable(rows, columns - 1 - digits - 2);
  const lines = rows.map(
    (row, index) => `${String(index + 1).padStart(digits)}  ${tableLine(table, row, (_, text) => text)}\n`,
  );
  return lines.join('');
}

/** What a line says: each word of it a number of the menu or a name. */
export function readAnswer(line: string, offers: readonly Offer[]): readonly string[] {
  const words = line.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw noModelChosen();
  return words.map((word) => {
    if (!/^\d+$/.test(word)) return word;
    const chosen = offers[Number(word) - 1];
    if (!chosen) throw notInMenu(word, offers.length);
    return chosen.entry.file;
  });
}

async function readLine(host: Host): Promise<string | undefined> {
  const lines = createInterface({ input: host.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  const ended = new AbortController();
  const options = { signal: ended.signal };
  try {
    host.signal.throwIfAborted();
    const line = await Promise.race([
      once(lines, 'line', options).then(([text]) => String(text)),
      once(lines, 'close', options).then(() => undefined),
      once(host.signal, 'abort', options).then(() => undefined),
    ]);
    host.signal.throwIfAborted();
    return line;
  } finally {
    ended.abort();
    lines.close();
    host.stdin.pause();
  }
}
