import type { Host } from '../../adapters/process/host.ts';
import { TerminalBlock } from '../../adapters/terminal/block.ts';
import { cut } from '../../adapters/terminal/cells.ts';
import { glyphsFor } from '../../adapters/terminal/display.ts';
import { listenToKeys } from '../../adapters/terminal/keyboard.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import type { Choice, ChooserSettings } from '../../commands/download/choice.ts';
import { noModelChosen } from '../../core/messages/usage.ts';
import { layOut, previewRoom, type Screen } from './frame.ts';
import { chooseFromMenu } from './menu.ts';
import { previewOf, type PlanPreview } from './plan-preview.ts';
import type { Prompt, PromptState } from './prompt.ts';
import { matches, rowOf } from './rows.ts';

/** Lets the user choose: in a picker on a terminal, from a numbered menu elsewhere. `undefined`: the user cancelled. */
export async function chooseModels(
  host: Host,
  style: Style,
  choice: Choice,
  { isPruning, isDryRun, isQuiet }: ChooserSettings,
): Promise<readonly string[] | undefined> {
  const picked = canPick(host) ? await pickModels(host, choice, { isPruning, style, leavesLine: !isQuiet }) : undefined;
  // Ctrl-C ends the picker without a message; other signals are reported as everywhere.
  if (host.signal.aborted && host.signal.reason !== 'SIGINT') host.signal.throwIfAborted();
  if (picked === 'ended') throw noModelChosen();
  const chosen = picked ?? (await chooseFromMenu(host, choice, { isPruning, isDryRun, style }));
  return chosen === 'given up' ? undefined : chosen;
}

/** The chosen file names; or that the user cancelled, or that the input ended. */
type Picked = readonly string[] | 'given up' | 'ended';

interface PickSettings {
  readonly isPruning: boolean;
  readonly style: Style;
  readonly leavesLine: boolean;
}

/** Have the terminal mark pasted text. */
const MARK_PASTES = { begin: '', now: '\x1b[?2004h', end: '\x1b[?2004l' };
const CTRL_D = '\u0004';
/** Keys that act like arrows, and the second key that ends a line. */
const ALIASES: Readonly<Record<string, string>> = { '\n': '\r', '\u000E': '\x1b[B', '\u0010': '\x1b[A' };

/** Whether there is a terminal that can show a picker, and the user has not asked for a menu. */
function canPick({ stdin, stderr, environment }: Host): boolean {
  const accessible = environment['ACCESSIBLE'] ?? '';
  const isWanted = accessible === '' || accessible === '0' || accessible === 'false';
  return isWanted && stdin.isTTY === true && stderr.isTTY === true && environment['TERM'] !== 'dumb';
}

/** `undefined`: another program has the terminal at the moment. */
async function pickModels(
  host: Host,
  choice: Choice,
  { isPruning, style, leavesLine }: PickSettings,
): Promise<Picked | undefined> {
  const { Prompt: LoadedPrompt } = await import('./prompt.ts');
  const { stderr, signal, environment } = host;
  const rows = new Map(choice.offers.map((offer) => [offer.entry.file, rowOf(offer)]));
  const rowsFor = (files: readonly string[]): readonly ReturnType<typeof rowOf>[] =>
    files.flatMap((file) => rows.get(file) ?? []);
  const glyphs = glyphsFor(environment);
  const screen = (): Screen => ({ columns: stderr.columns || 80, rows: stderr.rows || 24, style, glyphs });
  const block = new TerminalBlock(stderr, signal, host.isInBackground);
  const typing = new Typing();
  let refusal: string | undefined;
  let hasEnded = false;
  // Keys that arrive together are painted once.
  let isReading = false;
  let isStale = false;

  const preview = (state: PromptState): PlanPreview =>
    previewOf(choice.planFor(state.wanted), isPruning, previewRoom(screen()));
  const prompt: Prompt = new LoadedPrompt({
    values: [...rows.keys()],
    matches: (filter, file) => rowsFor([file]).some((row) => matches(filter, row)),
    show: (state) => {
      isStale = isReading;
      if (isReading) return;
      const view = { ...state, rows: [...rows.values()], matching: rowsFor(state.matching), refusal };
      const { lines, cursor } = layOut(view, preview(state), screen());
      block.show('picker', lines, MARK_PASTES, cursor);
    },
  });
  const press = (char: string): void => {
    isReading = true;
    const { state } = prompt;
    const key = typing.keyFor(char, state.filter.length);
    if (key === undefined) return;
    const isEnter = key === '\r' || key === '\n';
    if (isEnter && state.isLeaving) return prompt.stay();
    refusal = isEnter ? (state.wanted.length === 0 ? 'no model matches' : preview(state).trouble) : undefined;
    if (refusal !== undefined) prompt.redraw();
    else if (key !== CTRL_D || state.filter !== '') prompt.press(ALIASES[key] ?? key);
    else {
      hasEnded = true;
      prompt.leave();
    }
  };
  const leave = (): void => prompt.leave();
  const redraw = (): void => prompt.redraw();
  const afterKeys = (): void => {
    isReading = false;
    if (isStale) redraw();
  };
  const stop = listenToKeys(host, press, { suspend: () => block.hide('picker'), resume: redraw, afterKeys });
  if (!stop) return undefined;
  signal.addEventListener('abort', leave, { once: true });
  stderr.on?.('resize', redraw);
  try {
    const chosen = signal.aborted ? undefined : await prompt.ask();
    block.hide('picker');
    if (!chosen) return hasEnded ? 'ended' : 'given up';
    const names = rowsFor(chosen)
      .map(({ name }) => name)
      .join(', ');
    const line = cut(names, screen().columns - 2 - glyphs.ok.length, glyphs.ellipsis);
    if (leavesLine) stderr.write(`${style('green', glyphs.ok)} ${line}\n`);
    return chosen;
  } finally {
    stop();
    stderr.off?.('resize', redraw);
    signal.removeEventListener('abort', leave);
  }
}

const ESCAPE = '\x1b';
const SEQUENCE = /^\x1b(\[[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|O[\x20-\x7e]|[\x20-\x4e\x50-\x5a\x5c-\x7f])$/;
const UNFINISHED = /^\x1b+(\[[\x20-\x3f]*|O)?$/;
const [PASTE_BEGINS, PASTE_ENDS] = ['\x1b[200~', '\x1b[201~'];
/** Blanks and control characters, which are not keys in pasted text. */
const [BLANK, CONTROL] = [/[\t\r\n]/, /\p{Cc}/u];
/** C1 control characters, bidirectional marks and other characters that are invisible, or change how others are shown. */
const INVISIBLE = /[\x80-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Characters of a filter: longer than any name. */
const LONGEST = 255;

/** Turns the characters that a terminal sends into keys for a filter. Pasted text only fills the filter: it selects and submits nothing. */
export class Typing {
  #sequence = '';
  #isPasting = false;

  /** The key for the next character, if any; `length`: of the filter. */
  keyFor(char: string, length: number): string | undefined {
    if (char === ESCAPE || this.#sequence !== '') return this.#inSequence(char, length);
    if (this.#isPasting && BLANK.test(char)) return this.keyFor(' ', length);
    if (INVISIBLE.test(char) || (this.#isPasting && CONTROL.test(char))) return undefined;
    const isText = !CONTROL.test(char);
    return isText && length >= LONGEST ? undefined : char;
  }

  #inSequence(char: string, length: number): string | undefined {
    const sequence = this.#sequence + char;
    const isPasted = this.#isPasting;
    if (UNFINISHED.test(sequence)) {
      this.#sequence = sequence.replace(/^\x1b+/, ESCAPE);
    } else {
      this.#sequence = '';
      if (!SEQUENCE.test(sequence)) return this.keyFor(char, length);
      if (sequence === PASTE_BEGINS || sequence === PASTE_ENDS) this.#isPasting = sequence === PASTE_BEGINS;
    }
    return isPasted ? undefined : char;
  }
}
