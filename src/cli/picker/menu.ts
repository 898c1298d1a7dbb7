import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Host } from '../../adapters/process/host.ts';
import { glyphsFor } from '../../adapters/terminal/display.ts';
import { renderError } from '../../adapters/terminal/error.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { layTable } from '../../adapters/terminal/table.ts';
import type { Choice, Offer } from '../../commands/download/choice.ts';
import { requireModel } from '../../core/catalogue/catalogue.ts';
import { WhisperError } from '../../core/errors.ts';
import { noModelChosen, notInMenu } from '../../core/messages/usage.ts';
import { previewRoom } from './frame.ts';
import { type PlanPreview, previewOf } from './plan-preview.ts';
import { cellsOf, COLUMNS, rowOf } from './rows.ts';

const PLAIN: Style = (_, text) => text;

interface MenuSettings {
  readonly isPruning: boolean;
  readonly isDryRun: boolean;
  readonly style: Style;
}

/**
 * Shows a numbered menu of the catalogue, reads a line of numbers and names, and shows the plan. After an unknown number or
 * name it reads the next line; at the end of input that is a usage error. On a terminal it asks before models are removed.
 * Returns file names.
 */
export async function chooseFromMenu(
  host: Host,
  { offers, planFor }: Choice,
  settings: MenuSettings,
): Promise<readonly string[] | 'given up'> {
  const { stderr, stdin } = host;
  const isTerminal = stdin.isTTY === true;
  const columns = stderr.columns || undefined;
  const lines = readLines(host);
  let refusal: WhisperError | undefined;
  const ask = (): void => {
    if (refusal) stderr.write(renderError(refusal, settings.style, columns));
    // Input that is not typed does not end the line.
    stderr.write(`Which models? Numbers or names: ${isTerminal ? '' : '\n'}`);
  };
  stderr.write(menuText(offers, columns));
  ask();
  try {
    for (;;) {
      const line = await lines.next();
      if (line === undefined) throw refusal ?? noModelChosen();
      // Only now: if no line follows, the refusal is the error of the command, which would be shown twice.
      if (refusal && !isTerminal) ask();
      const answer = tryAnswer(line, offers);
      if (answer instanceof WhisperError) {
        refusal = answer;
        if (isTerminal) ask();
        continue;
      }
      const preview = previewOf(planFor(answer), settings.isPruning, columns ? previewRoom({ columns }) : Infinity);
      stderr.write(previewText(preview));
      if (!isTerminal || settings.isDryRun || !preview.removes) return answer;
      stderr.write('Continue? [Y/n] ');
      const consent = await lines.next();
      return consent !== undefined && /^\s*(y(es)?)?\s*$/i.test(consent) ? answer : 'given up';
    }
  } finally {
    lines.close();
  }
}

/** The menu in lines for a terminal of so many columns; `undefined`: without a limit. */
export function menuText(offers: readonly Offer[], columns = Number.POSITIVE_INFINITY): string {
  const digits = Math.max(3, String(offers.length).length);
  const rows = offers.map((offer, index) =>
    cellsOf({ text: `${String(index + 1).padStart(digits)} ` }, rowOf(offer), PLAIN),
  );
  const room = { style: PLAIN, glyphs: glyphsFor({}), columns: columns - 1 };
  return layTable({ columns: COLUMNS, rows }, room)
    .slice(1)
    .map((line) => `${line}\n`)
    .join('');
}

/** The file names of a line; each word is a number of the menu or a name. */
export function readAnswer(line: string, offers: readonly Offer[]): readonly string[] {
  const words = line.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length === 0) throw noModelChosen();
  const catalogue = new Map(offers.map(({ entry }) => [entry.file, entry]));
  return words.map((word) => {
    if (!/^\d+$/.test(word)) return requireModel(word, catalogue);
    const chosen = offers[Number(word) - 1];
    if (!chosen) throw notInMenu(word, offers.length);
    return chosen.entry.file;
  });
}

/** The same, or the refusal. An empty line leaves the menu by a thrown error. */
function tryAnswer(line: string, offers: readonly Offer[]): readonly string[] | WhisperError {
  if (line.trim() === '') throw noModelChosen();
  try {
    return readAnswer(line, offers);
  } catch (error) {
    if (error instanceof WhisperError) return error;
    throw error;
  }
}

function previewText({ fetch, remove, disk }: PlanPreview): string {
  const row = (label: string, text: string): string => `  ${label.padEnd(10)}${text}\n`;
  return row('download', fetch) + row('remove', remove) + row('disk', disk);
}

interface Lines {
  /** `undefined`: the input has ended. */
  readonly next: () => Promise<string | undefined>;
  readonly close: () => void;
}

function readLines(host: Host): Lines {
  const input = createInterface({ input: host.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  // Keeps the lines that come with the one that is waited for.
  const lines = input[Symbol.asyncIterator]();
  const ended = new AbortController();
  const aborted = once(host.signal, 'abort', { signal: ended.signal }).then(
    () => undefined,
    () => undefined,
  );
  return {
    next: async () => {
      host.signal.throwIfAborted();
      const line = await Promise.race([lines.next(), aborted]);
      host.signal.throwIfAborted();
      return line?.done === false ? line.value : undefined;
    },
    close: () => {
      ended.abort();
      input.close();
      host.stdin.pause();
    },
  };
}
