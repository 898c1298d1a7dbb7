import type { Host } from '../../adapters/process/host.ts';
import { cut } from '../../adapters/terminal/cells.ts';
import { glyphsFor } from '../../adapters/terminal/display.ts';
import { listenToKeys } from '../../adapters/terminal/keyboard.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import type { Choice } from '../../commands/download/choice.ts';
import { layOut, outlookRoom, type Screen } from './frame.ts';
import { Painter } from './painter.ts';
import { outlookOf, type Outlook } from './plan-preview.ts';
import type { Prompt, PromptState } from './prompt.ts';
import { matches, rowOf } from './rows.ts';
import { Typing } from './typing.ts';

/** File names that were chosen; or how it came to nothing: the person gave up, or the input has ended. */
export type Picked = readonly string[] | 'given up' | 'ended';

export interface PickSettings {
  readonly isPruning: boolean;
  readonly style: Style;
  /** Whether a line stays that says what was chosen. */
  readonly leavesLine: boolean;
}

const CTRL_D = '\u0004';
/** Keys that others take for arrows, and both that end a line. */
const ALIASES: Readonly<Record<string, string>> = { '\n': '\r', '\u000E': '\x1b[B', '\u0010': '\x1b[A' };

/** Whether there is a terminal to show a picker on, of somebody who can see it. */
export function canPick({ stdin, stderr, environment }: Host): boolean {
  const accessible = environment['ACCESSIBLE'] ?? '';
  const isWanted = accessible === '' || accessible === '0' || accessible === 'false';
  return isWanted && stdin.isTTY === true && stderr.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Has somebody choose models on the terminal. `undefined`: the terminal is somebody else's at the moment. */
export async function pickModels(
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
  const painter = new Painter(stderr);
  const typing = new Typing();
  let refusal: string | undefined;
  let hasEnded = false;
  // What is typed or pasted at once is painted once.
  let isReading = false;
  let isStale = false;

  const outlook = (state: PromptState): Outlook =>
    outlookOf(choice.planFor(state.wanted), isPruning, outlookRoom(screen()));
  const prompt: Prompt = new LoadedPrompt({
    values: [...rows.keys()],
    matches: (filter, file) => rowsFor([file]).some((row) => matches(filter, row)),
    show: (state) => {
      isStale = isReading;
      if (isReading) return;
      const view = { ...state, rows: [...rows.values()], matching: rowsFor(state.matching), refusal };
      painter.paint(layOut(view, outlook(state), screen()), screen().columns);
    },
  });
  const press = (char: string): void => {
    isReading = true;
    const { state } = prompt;
    const key = typing.keyFor(char, state.filter.length);
    if (key === undefined) return;
    const isEnter = key === '\r' || key === '\n';
    if (isEnter && state.isLeaving) return prompt.stay();
    refusal = isEnter ? (state.wanted.length === 0 ? 'no model matches' : outlook(state).trouble) : undefined;
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
  const stop = listenToKeys(host, press, { suspend: () => painter.erase(), resume: redraw, afterKeys });
  if (!stop) return undefined;
  signal.addEventListener('abort', leave, { once: true });
  stderr.on?.('resize', redraw);
  try {
    const chosen = signal.aborted ? undefined : await prompt.ask();
    painter.erase();
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
