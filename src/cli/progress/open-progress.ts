import type { Host, Output } from '../../adapters/process/host.ts';
import type { TerminalBlock, TerminalSequences } from '../../adapters/terminal/block.ts';
import { glyphsFor, isUnicode } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { frame, shareOf, type TerminalCapabilities, logLine } from './frame.ts';
import { Progress, type Clock, type Display } from './progress.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Progress of a program: in a block on its terminal, where there is one, else on its standard error. */
export function openProgress(
  block: TerminalBlock | undefined,
  { environment, stderr }: Pick<Host, 'environment' | 'stderr'>,
  style: Style,
  clock: Clock,
): Progress {
  return new Progress(block ? blockDisplay(block, environment, style) : logDisplay(stderr), clock);
}

function blockDisplay(block: TerminalBlock, environment: Environment, style: Style): Display {
  const capabilities = capabilitiesOf(environment, style);
  return {
    interval: 100,
    isPrompt: true,
    show: (view) => {
      const { received, size } = view.total;
      const percent = size === undefined ? undefined : Math.floor(shareOf(received, size) * 100);
      block.show(
        'progress',
        frame(view, block, capabilities),
        percent === undefined ? undefined : titleFor(environment, percent),
      );
    },
    over: () => block.hide('progress'),
  };
}

function logDisplay(output: Output): Display {
  return {
    interval: 10_000,
    isPrompt: false,
    show: (view) => void output.write(`${logLine(view)}\n`),
    over: () => {},
  };
}

/** What a terminal can show: by its locale, more than ASCII; lines only where colours distinguish the done part. */
export function capabilitiesOf(environment: Environment, style: Style): TerminalCapabilities {
  return { style, glyphs: glyphsFor(environment), hasLines: isUnicode(environment) && style('dim', '') !== '' };
}

const OLD_TERMINALS = /^(dumb|linux|vt\d|cons|screen)/;

/** The percentage in the title of a terminal, and as the progress that some show in a tab or a task bar. */
export function titleFor(environment: Environment, percent: number): TerminalSequences {
  const title = hasTitle(environment);
  const bar = hasProgress(environment);
  return {
    // The title is put on a stack. Where there is none, an empty one has most terminals go back to their own.
    begin: title ? '\x1b[22;2t' : '',
    now: (title ? `\x1b]2;${percent} % whisper\x07` : '') + (bar ? `\x1b]9;4;1;${percent}\x1b\\` : ''),
    end: (title ? '\x1b]2;\x07\x1b[23;2t' : '') + (bar ? '\x1b]9;4;0;\x1b\\' : ''),
  };
}

function hasTitle({ TERM = 'dumb', TMUX, STY }: Environment): boolean {
  return TMUX ? true : !STY && !OLD_TERMINALS.test(TERM);
}

/**
 * Terminals that are known to show `OSC 9;4`: to others `OSC 9` is a message that pops up, and inside tmux or screen with an
 * outer terminal, it is unknown which. kitty does not report which of the two it does.
 */
function hasProgress(environment: Environment): boolean {
  const { TERM_PROGRAM, TERM_FEATURES = '', WT_SESSION, ConEmuANSI, PTYXIS_VERSION = '', TMUX, STY } = environment;
  if (TMUX || STY) return false;
  if (WT_SESSION || ConEmuANSI === 'ON' || TERM_PROGRAM === 'WezTerm') return true;
  if (TERM_PROGRAM === 'ghostty') return isFrom(environment['TERM_PROGRAM_VERSION'], 1, 2);
  // A list of what a terminal can, each a capital, small letters and a number (iterm2.com/feature-reporting).
  return isFrom(PTYXIS_VERSION, 48, 0) || /P(?![a-z])/.test(TERM_FEATURES);
}

function isFrom(version: string | undefined, major: number, minor: number): boolean {
  const [first = 0, second = 0] = (version ?? '').split('.').map((part) => Number.parseInt(part, 10));
  return first > major || (first === major && second >= minor);
}
