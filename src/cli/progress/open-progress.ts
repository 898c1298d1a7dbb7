import type { Host, Output } from '../../adapters/process/host.ts';
import type { TerminalBlock } from '../../adapters/terminal/block.ts';
import { glyphsFor, isUnicode } from '../../adapters/terminal/display.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { frame, shareOf, type TerminalCapabilities, logLine } from './frame.ts';
import { Progress, type Clock, type Display } from './progress.ts';
import { titleFor } from './terminal-title.ts';

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
  const look = lookFor(environment, style);
  return {
    interval: 100,
    isPrompt: true,
    show: (view) => {
      const { received, size } = view.total;
      const percent = size === undefined ? undefined : Math.floor(shareOf(received, size) * 100);
      block.show(
        'progress',
        frame(view, block, look),
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
export function lookFor(environment: Environment, style: Style): TerminalCapabilities {
  return { style, glyphs: glyphsFor(environment), hasLines: isUnicode(environment) && style('dim', '') !== '' };
}
