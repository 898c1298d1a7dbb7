import { spawn } from 'node:child_process';

/** What a program took until it ended, with all processes that it started and waited for. */
export interface Usage {
  readonly seconds: number;
  /** User and system time. */
  readonly cpu: number;
  /** Bytes that were resident at the most, in one process. */
  readonly maxResident: number;
}

// Node does not tell what a child has used; wait4 does. The clock runs here, too, so that Python's own start does not count.
const WAIT4 = `
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
start = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
print(child, flush=True)
_, status, usage = os.wait4(child, 0)
print(json.dumps([time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]))
sys.exit(os.waitstatus_to_exitcode(status) % 256)
`;

/** Runs a program to its end; its output is thrown away, a failure is an error with what it said. */
export async function measureProcess(
  command: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly onStart?: (pid: number) => void },
): Promise<Usage> {
  const { cwd, env, onStart } = options;
  const child = spawn('python3', ['-c', WAIT4, ...command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout === '') onStart?.(Number.parseInt(text, 10));
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}\n${stderr}`);
  const [seconds, cpu, maxResident] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as [number, number, number];
  return { seconds, cpu, maxResident };
}
