import { constants, fstatSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { asErrorOfItsPath } from '../fs/errors.ts';

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** The parts of the process that the program uses. Tests pass their own. */
export interface Host {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly isInBackground?: () => boolean;
  /** Aborted with the name of the signal that ends the program, or with the error of standard output that does. */
  readonly signal: AbortSignal;
  /** Waits; rejects when the program is being ended, or `until` is aborted. */
  readonly delay: (milliseconds: number, until?: AbortSignal) => Promise<void>;
}

export function processHost(): Host {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second Ctrl-C kills the program.
    process.once(name, () => controller.abort(name));
  }
  process.on('SIGHUP', function hangUp() {
    if (isUnderNohup()) return;
    process.off('SIGHUP', hangUp);
    controller.abort('SIGHUP');
  });
  let cwd: string | undefined;
  let data: Output | undefined;
  let stderr: Output | undefined;
  const [, script = 'whisper', ...args] = process.argv;
  return {
    program: script.slice(script.lastIndexOf('/') + 1),
    args,
    environment: process.env,
    // Read when it is needed: the directory may have been deleted.
    get cwd() {
      return (cwd ??= workingDirectory());
    },
    // Made when they are used: each takes about a millisecond to make.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return (data ??= openData((reason) => controller.abort(reason)));
    },
    get stderr() {
      // A closed standard error only loses messages; the work continues.
      return (stderr ??= process.stderr.on('error', () => undefined));
    },
    isInBackground,
    signal: controller.signal,
    // The timer keeps the process alive: nothing else may do so while it waits for a lock.
    delay: (milliseconds, until) =>
      setTimeout(milliseconds, undefined, {
        signal: until ? AbortSignal.any([controller.signal, until]) : controller.signal,
      }),
  };
}

/** Throws `disk-failure` (exit 6) where the working directory does not exist any more. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw asErrorOfItsPath(error);
  }
}

/** Standard output; `lost` is called with the reason when it fails. */
function openData(lost: (reason: unknown) => void): Output {
  if (fstatSync(1).isFile()) {
    return {
      write: (text) => {
        try {
          writeWhole(text);
        } catch (error) {
          lost(error);
        }
      },
    };
  }
  // A reader that has read enough (`whisper list | head`) is not an error, nor is a closed terminal.
  return process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const isReaderGone = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY);
    lost(isReaderGone ? 'SIGPIPE' : error);
  });
}

/** Writes everything: Node ignores a partial write on a disk that gets full. */
function writeWhole(text: string): void {
  for (let left = Buffer.from(text); left.length > 0; left = left.subarray(writeSync(1, left)));
}

/** Whether the terminal is this program's: a background process that reads from it is stopped. */
export function isInForeground(): boolean {
  const groups = readGroups();
  return groups === undefined || groups.own === groups.foreground;
}

/** Whether another process group has the terminal; false where none has. */
export function isInBackground(): boolean {
  const groups = readGroups();
  return groups !== undefined && groups.foreground !== '-1' && groups.own !== groups.foreground;
}

/** The process group of this program and that of its terminal, by proc(5): some microseconds. */
function readGroups(): { readonly own: string | undefined; readonly foreground: string | undefined } | undefined {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { own: fields[2], foreground: fields[5] };
  } catch {
    return undefined;
  }
}

const ACCESS = constants.O_WRONLY | constants.O_RDWR;

/** Node does not keep ignored signals, but only `nohup` opens /dev/null as a standard input that can only be written to. */
function isUnderNohup(): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1] ?? '0';
    return readlinkSync('/proc/self/fd/0') === '/dev/null' && (parseInt(flags, 8) & ACCESS) === constants.O_WRONLY;
  } catch {
    // Another system, or no such descriptor: then the signal is real.
    return false;
  }
}

/** Lets pending signals arrive, and throws the reason of one that ends the program. */
export async function yieldToSignals(signal: AbortSignal): Promise<void> {
  await new Promise((resume) => {
    setImmediate(resume);
  });
  signal.throwIfAborted();
}
