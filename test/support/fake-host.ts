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
  const { stdin = '', program = 'whisper', signal = new AbortController().signal, tty = false } = options;
  const printed = { stdout: '', stderr: '' };
  const host: Host = {
    program,
    args,
    environment,
    cwd,
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text), isTTY: tty, columns: 80 },
    signal,
    delay: options.delay ?? (async () => passTurn()),
  };
  return { host, printed };
}
