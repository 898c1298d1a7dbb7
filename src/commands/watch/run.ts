import { setFlagsFromString } from 'node:v8';
import { underHome } from '../../adapters/fs/user-folders.ts';
import { findRegistry, namedRegistry } from '../../adapters/registry/find-registry.ts';
import { listenToKeys } from '../../adapters/terminal/keyboard.ts';
import { EXIT } from '../../core/errors.ts';
import { jsonText } from '../../core/json.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import type { Run } from '../definition.ts';
import { list } from '../list/list.ts';
import { renderList } from '../list/text.ts';
import { commonOptions, secondsOption } from '../option-values.ts';
import { givenRegistry } from '../session/session.ts';
import { WatchScreen } from './screen.ts';
import { renderBegin, renderEvent, Totals } from './text.ts';
import { watch } from './watch.ts';

export const run: Run = async (context, { options }) => {
  limitHeapGrowth();
  const { host, reporter } = context;
  const common = commonOptions(options);
  const named = givenRegistry(host, common);
  // A file that is named may be created later; otherwise a registry is searched for, and must exist.
  const file = named === undefined ? findRegistry(undefined, host.cwd) : namedRegistry(named, host.cwd);
  const { style } = context.display;
  const screen = new WatchScreen(host, reporter, style);
  const totals = new Totals();
  const quit = new AbortController();
  let hasBegun = false;

  const emit = (event: WatchEvent): void => {
    totals.add(event);
    reporter.log('info', `watch: ${event.event}`, { ...event });
    if (options.json === true) {
      const { event: name, ...fields } = event;
      host.stdout.write(jsonText({ event: name, time: new Date().toISOString(), ...fields }));
      return;
    }
    const isFirst = event.event === 'ready' && !hasBegun;
    hasBegun = true;
    const line = isFirst || isChatter(event, options.quiet === true) ? undefined : renderEvent(event, style);
    if (line !== undefined) screen.line(line);
  };
  const showList = async (): Promise<void> =>
    screen.text(renderList(await list(context, { ...common, all: false }), context.display));

  let pressed: (key: 'undo' | 'prune') => void = () => {};
  const stopListening =
    options.json === true
      ? undefined
      : listenToKeys(host, (key) => {
          if (key === 'q') quit.abort();
          if (key === 'u') pressed('undo');
          if (key === 'p') pressed('prune');
          if (key === 'l') showList().catch((error: unknown) => reporter.notice(String(error)));
        });
  try {
    await watch(
      context,
      {
        ...common,
        file,
        download: options.download === true,
        undo: secondsOption(options, 'undo'),
        allowEmpty: options['allow-empty'] === true,
        unmanaged: options.unmanaged === true,
      },
      {
        emit,
        begun: ({ active, modelsDir }, plan) => {
          if (options.json === true || options.quiet === true) return;
          const shown = (path: string): string => underHome(host.environment, path);
          screen.text(renderBegin(shown(file), active.length, shown(modelsDir.path), plan, style));
          if (stopListening) screen.text(`${style('dim', 'u undo  p prune now  l list  q quit')}\n`);
        },
        undoUntil: (until) => screen.undoUntil(until),
        onKey: (listener) => (pressed = listener),
        quit: quit.signal,
      },
    );
  } finally {
    stopListening?.();
    screen.close();
  }
  if (options.json !== true && options.quiet !== true) host.stdout.write(`${String(totals)}\n`);
  return { exitCode: exitCodeOf(host.signal) };
};

/** Events that `--quiet` leaves out, because nothing has happened yet. */
function isChatter({ event }: WatchEvent, isQuiet: boolean): boolean {
  return isQuiet && (event === 'change' || event === 'ready');
}

function exitCodeOf({ aborted, reason }: AbortSignal): number {
  if (!aborted) return EXIT.done;
  return reason === 'SIGINT' ? EXIT.interrupted : EXIT.terminated;
}

/**
 * Limits the heap of a long-running process: otherwise V8 lets the space for young objects grow to 32 MB after a few saves.
 * Costs a few more collections of a millisecond each (flag of V8, in every Node from 20 on; a Node without it ignores it).
 */
function limitHeapGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
