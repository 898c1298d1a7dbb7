import type { Host } from '../adapters/host.ts';
import type { Log } from '../adapters/log.ts';
import type { Talk } from '../commands/session.ts';
import { printable } from '../core/models/name.ts';
import type { ParsedOptions } from './args.ts';
import { ProgressLine } from './progress.ts';
import { styleFor } from './style.ts';

/** Talk on standard error: notices, a progress line on a terminal, and logs where they are asked for. */
export function createTalk(host: Host, options: ParsedOptions, log: Log | undefined): Talk {
  const { environment } = host;
  const quiet = options.quiet === true;
  const hasProgress = !quiet && environment['TERM'] !== 'dumb';
  let line: ProgressLine | undefined;
  const say = (format: 'yellow' | 'dim', text: string): void => {
    line?.clear();
    const style = styleFor(host.stderr, environment, options['no-color'] === true);
    host.stderr.write(`${style(format, text)}\n`);
  };
  return {
    notice: (text) => {
      if (!quiet) say('yellow', printable(text));
    },
    progress: (name, received, size) => {
      if (!hasProgress || host.stderr.isTTY !== true) return;
      line ??= new ProgressLine(host.stderr);
      line.update(name, received, size, performance.now());
    },
    progressEnd: () => line?.clear(),
    log: (level, event, fields) => {
      log?.(level, event, fields);
      if (options.verbose === true) say('dim', `${event}: ${printable(JSON.stringify(fields))}`);
    },
  };
}
