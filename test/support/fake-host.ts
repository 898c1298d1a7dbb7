import { Readable } from 'node:stream';
import { setImmediate as passTurn } from 'node:timers/promises';
import type { Host } from '../../src/adapters/process/host.ts';
import type { RunOptions } from './run-options.ts';

export interface FakeHost {
  readonly host: Host;
  /** What was written so far. */
  readonly printed: { stdout: string; stderr: string };
}

/** A process that the program runs in during a test. Waits take no time. */
export function fakeHost(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
  options: Omit<RunOptions, 'env' | 'cwd'> = {},
): FakeHost {
  const killer = new AbortController();
  const { stdin = '', program = 'whisper', signal = killer.signal, tty = false, onStderr } = options;
  const printed = { stdout: '', stderr: '' };
  const writeError = (text: string): void => {
    printed.stderr += text;
    onStderr?.(text, (name) => killer.abort(name));
  };
  const host: Host = {
    program,
    args,
    environment,
    cwd,
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: writeError, isTTY: tty, columns: 80 },
    signal,
    delay: options.delay ?? (async () => passTurn()),
  };
  return { host, printed };
}
