import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Host } from '../adapters/host.ts';
import { noModelChosen, notInMenu } from '../core/messages/usage.ts';
import { menuOrder, RECOMMENDED, type Catalogue } from '../core/models/catalogue.ts';
import { shortName } from '../core/models/name.ts';
import { formatBytes } from './style.ts';

/**
 * Shows a numbered menu of the catalogue and reads one line: a number or a name. At the end of input, or for a line that
 * names no entry, a usage error. Returns what was typed as a name.
 */
export async function chooseModel(host: Host, catalogue: Catalogue): Promise<string> {
  const entries = menuOrder(catalogue);
  const width = Math.max(...entries.map(({ file }) => shortName(file).length));
  const rows = entries.map(({ file, size }, index) => {
    const note = file === RECOMMENDED ? '  (recommended)' : '';
    const bytes = size === undefined ? '?' : formatBytes(size);
    return `${String(index + 1).padStart(3)}  ${shortName(file).padEnd(width)}  ${bytes.padStart(8)}${note}\n`;
  });
  host.stderr.write(`${rows.join('')}Which model? Number or name: `);
  const line = await readLine(host);
  if (host.stdin.isTTY !== true) host.stderr.write('\n');
  const answer = line?.trim() ?? '';
  if (answer === '') throw noModelChosen();
  if (!/^\d+$/.test(answer)) return answer;
  const chosen = entries[Number(answer) - 1];
  if (!chosen) throw notInMenu(answer, entries.length);
  return chosen.file;
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
