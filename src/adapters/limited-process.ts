import { errnoCode } from './disk-error.ts';

/** How a process ended, and what it wrote. */
export interface Finished {
  readonly ended: 'well' | 'badly' | 'too late' | 'too large';
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds of wall time, and seconds of processor time. */
export const TIME_LIMIT = 20_000;
/** Kibibytes of address space; and bytes of the heap that Nix's garbage collector may have. */
const MEMORY_LIMIT = 4 * 1024 ** 2;
const HEAP_LIMIT = 2 * 1024 ** 3;
/** Bytes on each stream. */
const OUTPUT_LIMIT = 64 * 1024 ** 2;

// A limit that the system does not have (macOS knows none of memory) is left out.
const SCRIPT = `ulimit -t ${TIME_LIMIT / 1000} 2>/dev/null; ulimit -v ${MEMORY_LIMIT} 2>/dev/null; exec "$@"`;

/**
 * Runs a program to its end with limits on time, memory and output. It gets a process group of its own, which is killed
 * with all that it started when the time is up or the signal is aborted.
 */
export async function runLimited(
  file: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly input?: string;
  },
  signal: AbortSignal,
): Promise<Finished> {
  // Loading it takes longer than most evaluations, so it is loaded when there is one.
  const { execa } = await import('execa');
  signal.throwIfAborted();
  const env = Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined));
  const child = execa('/bin/sh', ['-c', SCRIPT, 'sh', file, ...args], {
    cwd: options.cwd,
    env: { ...env, GC_MAXIMUM_HEAP_SIZE: String(HEAP_LIMIT) },
    extendEnv: false,
    input: options.input ?? '',
    detached: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: OUTPUT_LIMIT,
  });
  let isLate = false;
  const kill = (): void => killGroup(child.pid);
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, TIME_LIMIT);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const { failed, isMaxBuffer, stdout, stderr } = await child;
    signal.throwIfAborted();
    const ended = isLate ? 'too late' : isMaxBuffer ? 'too large' : failed ? 'badly' : 'well';
    return { ended, stdout, stderr };
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
    // Nobody of the group is left.
    if (errnoCode(error) !== 'ESRCH' && errnoCode(error) !== 'EPERM') throw error;
  }
}
