import { constants, fstatSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { asErrorOfItsPath } from '../fs/errors.ts';

/** A stream that text goes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** The process, as far as the program knows of it. Tests hand over one of their own. */
export interface Host {
  /** The name that the program was called by, and its arguments. */
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Whether the terminal is somebody else's at the moment. */
  readonly isInBackground?: () => boolean;
  /** Aborted with the name of the signal that ends the program, or with the error of standard output that does. */
  readonly signal: AbortSignal;
  /** Waits; rejects when the program is being ended, or `until` is aborted. */
  readonly delay: (milliseconds: number, until?: AbortSignal) => Promise<void>;
}

/** The host of the running process. */
export function processHost(): Host {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second Ctrl-C ends a program that does not end by itself.
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
    // Asked for when it is needed: it may have been deleted.
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
      // Talk that nobody hears is lost, and nothing else: the work goes on.
      return (stderr ??= process.stderr.on('error', () => undefined));
    },
    isInBackground,
    signal: controller.signal,
    // A timer that keeps the process alive: while it waits for a lock there may be nothing else that does.
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

/** Standard output; `lost` is told why it takes no more. */
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
  // A reader that has seen enough (`whisper list | head`) is no error, nor is a terminal that was closed; who goes on for
  // long has nobody left to tell.
  return process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    const isReaderGone = error.code === 'EPIPE' || (error.code === 'EIO' && process.stdout.isTTY);
    lost(isReaderGone ? 'SIGPIPE' : error);
  });
}

/** Node itself takes what fits on a disk that is getting full for all of it. */
function writeWhole(text: string): void {
  for (let left = Buffer.from(text); left.length > 0; left = left.subarray(writeSync(1, left)));
}

/** Whether the terminal is this program's: whoever reads from it in the background is stopped. */
export function isInForeground(): boolean {
  const groups = readGroups();
  return groups === undefined || groups.own === groups.foreground;
}

/** Whether the terminal is somebody else's; one that nobody has is not. */
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

/**
 * Whether `nohup` started this program in a terminal. Node forgets what was ignored when it started, so this tells it: standard
 * input leads to /dev/null and can only be written to, which nobody else does.
 */
export function isUnderNohup(): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))?.[1] ?? '0';
    return readlinkSync('/proc/self/fd/0') === '/dev/null' && (parseInt(flags, 8) & ACCESS) === constants.O_WRONLY;
  } catch {
    // Another system, or no such descriptor: then the signal means what it says.
    return false;
  }
}

/**
 * Limits the heap of a long-running process: otherwise V8 lets the space for young objects grow to 32 MB after a few saves.
 * Costs a few more collections of a millisecond each (flag of V8, in every Node from 20 on; a Node without it ignores it).
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Lets pending signals arrive, and throws the reason of one that ends the program. */
export async function yieldToSignals(signal: AbortSignal): Promise<void> {
  await new Promise((resume) => {
    setImmediate(resume);
  });
  signal.throwIfAborted();
}
