import { isUtf8 } from 'node:buffer';
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../../core/registry/string-value.ts';
import { errnoCode } from '../fs/errors.ts';

export interface Finished {
  /** `garbled`: it ended well, and its output is not UTF-8. */
  readonly ended: 'well' | 'badly' | 'too late' | 'too large' | 'garbled';
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds of wall time. */
export const TIME_LIMIT = 20_000;
/** Kibibytes of address space; and bytes of the heap that Nix's garbage collector may have. */
const MEMORY_LIMIT = 4 * 1024 ** 2;
const HEAP_LIMIT = 2 * 1024 ** 3;
/** A PATH in which there is no program. */
const NO_FOLDER = '/nonexistent';
/** Bytes on each stream. */
const OUTPUT_LIMIT = 64 * 1024 ** 2;

// A limit that the system does not have (macOS knows none of memory) is left out. That of processor time, which counts
// each thread, applies if this process dies and no longer counts the other.
const SCRIPT = `ulimit -t ${(2 * TIME_LIMIT) / 1000} 2>/dev/null; ulimit -v ${MEMORY_LIMIT} 2>/dev/null; exec "$@"`;

interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** Runs a program, by its absolute path, with limits. Its process group is killed at the end or when `signal` aborts. */
export async function runLimited(
  file: string,
  args: readonly string[],
  { env, ...surroundings }: Surroundings,
  signal: AbortSignal,
): Promise<Finished> {
  const limited = { ...surroundings, env: { ...env, GC_MAXIMUM_HEAP_SIZE: String(HEAP_LIMIT) } };
  return runGroup(['/bin/sh', '-c', SCRIPT, 'sh', file, ...args], limited, TIME_LIMIT, signal);
}

/** The same without limits, for programs that move many bytes. */
export async function runUnlimited(
  file: string,
  args: readonly string[],
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Finished> {
  return runGroup([file, ...args], surroundings, undefined, signal);
}

async function runGroup(
  [file = '', ...args]: readonly string[],
  { cwd, env, input = '' }: Surroundings,
  timeLimit: number | undefined,
  signal: AbortSignal,
): Promise<Finished> {
  // Loading it takes longer than most evaluations, so it is loaded when there is one.
  const { execa } = await import('execa');
  signal.throwIfAborted();
  if (!isAbsolute(file)) throw new Error(`${file} would also be searched in ${cwd}`);
  // Without a PATH, or with an empty one, the C library has folders of its own choice, and may take the working directory.
  const variables = { ...env, PATH: searchPath(env).join(':') || NO_FOLDER };
  const child = execa(file, args, {
    cwd,
    env: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined)),
    extendEnv: false,
    input,
    detached: true,
    reject: false,
    stripFinalNewline: false,
    encoding: 'buffer',
    maxBuffer: OUTPUT_LIMIT,
  });
  let isLate = false;
  const kill = (): void => killGroup(child.pid);
  const stop = (): void => {
    isLate = true;
    kill();
  };
  const timer = timeLimit === undefined ? undefined : setTimeout(stop, timeLimit);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const { failed, isMaxBuffer, ...streams } = await child;
    signal.throwIfAborted();
    const stdout = decode(streams.stdout);
    const ended = isLate ? 'too late' : isMaxBuffer ? 'too large' : failed ? 'badly' : 'well';
    const isGarbled = ended === 'well' && stdout === undefined;
    return {
      ended: isGarbled ? 'garbled' : ended,
      stdout: stdout ?? '',
      stderr: Buffer.from(streams.stderr).toString(),
    };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
    kill();
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The group has ended.
    if (errnoCode(error) !== 'ESRCH' && errnoCode(error) !== 'EPERM') throw error;
  }
}

// Two names that differ in broken bytes only must not become the same.
function decode(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : undefined;
}

/** The absolute path of a program on PATH; `undefined` where PATH has none. */
export function findProgram(environment: Environment, name: string): string | undefined {
  return searchPath(environment)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/** Not the empty and relative folders: these are in the working directory, which may be a repository of someone else. */
function searchPath(environment: Environment): readonly string[] {
  return (environment['PATH'] ?? '').split(':').filter(isAbsolute);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
