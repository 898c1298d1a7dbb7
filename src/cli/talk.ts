import type { Host, Output } from '../adapters/host.ts';
import type { Log } from '../adapters/log.ts';
import type { Talk } from '../commands/session.ts';
import { printable } from '../core/models/name.ts';
import type { ParsedOptions } from './args.ts';
import { hanging } from './cells.ts';
import { columnsOf } from './display.ts';
import { formatSeconds, ProgressLine } from './progress.ts';
import { styleFor } from './style.ts';

/** Talk on standard error: notices, a progress line on a terminal, and logs where they are asked for. */
export function createTalk(host: Host, options: ParsedOptions, log: Log | undefined): Talk {
  const { environment } = host;
  const quiet = options.quiet === true;
  const hasProgress = !quiet && environment['TERM'] !== 'dumb';
  let line: ProgressLine | undefined;
  let countdown: NodeJS.Timeout | undefined;
  const say = (format: 'yellow' | 'dim', text: string): void => {
    line?.clear();
    const style = styleFor(host.stderr, environment, options['no-color'] === true);
    for (const part of hanging(text, columnsOf(host.stderr))) host.stderr.write(`${style(format, part)}\n`);
  };
  return {
    notice: (text) => {
      if (!quiet) say('yellow', printable(text));
    },
    progress: (name, received, size) => {
      if (!hasProgress || host.stderr.isTTY !== true) return;
      clearInterval(countdown);
      line ??= new ProgressLine(host.stderr);
      line.update(name, received, size, performance.now());
    },
    progressEnd: () => {
      clearInterval(countdown);
      line?.clear();
    },
    waiting: (milliseconds) => {
      clearInterval(countdown);
      if (hasProgress && host.stderr.isTTY === true) countdown = countDown(host.stderr, milliseconds);
    },
    log: (level, event, fields) => {
      log?.(level, event, fields);
      if (options.verbose === true) say('dim', `${event}: ${printable(JSON.stringify(fields))}`);
    },
  };
}

/** Shows on a terminal how many seconds are left. */
function countDown(output: Output, milliseconds: number): NodeJS.Timeout {
  const end = performance.now() + milliseconds;
  return setInterval(() => {
    output.write(`\rwaiting, ${formatSeconds(Math.max(0, end - performance.now()) / 1000)} left\x1b[K`);
  }, 1000).unref();
}
