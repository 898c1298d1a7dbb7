import type { Host } from '../../adapters/process/host.ts';
import type { Log } from '../../adapters/process/log.ts';
import { TerminalBlock } from '../../adapters/terminal/block.ts';
import { hanging } from '../../adapters/terminal/cells.ts';
import { columnsOf } from '../../adapters/terminal/display.ts';
import { type Style, styleFor } from '../../adapters/terminal/style.ts';
import type { ParsedOptions } from '../../commands/options.ts';
import type { Reporter } from '../../commands/session/context.ts';
import { printable } from '../../core/catalogue/names.ts';
import type { Clock, Progress } from './progress.ts';

const CLOCK: Clock = {
  now: () => performance.now(),
  every: (milliseconds, work) => {
    const timer = setInterval(work, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/** Reports on standard error: notices, progress, and logs if they are enabled. */
export function createReporter(host: Host, options: ParsedOptions, log: Log | undefined): Reporter {
  const { environment, signal } = host;
  const quiet = options.quiet === true;
  let ownBlock: TerminalBlock | undefined;
  let loading: Promise<Progress> | undefined;
  let progress: Progress | undefined;
  // Standard error is opened when it is first used.
  const style = (): Style => styleFor(host.stderr, environment, options['no-color'] === true);
  const isTerminal = (): boolean => host.stderr.isTTY === true && environment['TERM'] !== 'dumb';
  const block = (): TerminalBlock => (ownBlock ??= new TerminalBlock(host.stderr, signal, host.isInBackground));
  const aside = (write: () => void): void => (ownBlock ? ownBlock.above(write) : write());
  const say = (format: 'yellow' | 'dim', text: string): void =>
    aside(() => {
      for (const part of hanging(text, columnsOf(host.stderr))) host.stderr.write(`${style()(format, part)}\n`);
    });
  return {
    notice: (text) => {
      if (!quiet) say('yellow', printable(text));
    },
    announce: (text) => say('yellow', printable(text)),
    progressBegin: async (models) => {
      if (quiet) return;
      // Loaded only if there is progress to show.
      loading ??= import('./open-progress.ts').then(({ openProgress }) =>
        openProgress(isTerminal() ? block() : undefined, host, style(), CLOCK),
      );
      progress = await loading;
      progress.begin(models);
    },
    progress: (step) => progress?.step(step),
    progressEnd: (names) => progress?.end(names),
    waiting: (milliseconds) => progress?.waiting(milliseconds),
    log: (level, event, fields) => {
      if (log) aside(() => log(level, event, fields));
      if (options.verbose === true) say('dim', `${event}: ${printable(fieldsText(fields))}`);
    },
    aside,
    status: (line) => {
      if (quiet || !isTerminal()) return;
      if (line === undefined) ownBlock?.hide('status');
      else block().show('status', [line]);
    },
  };
}

/** `file x.nix, entries 2`: values as they are, and as JSON where they are more than a text. */
function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
