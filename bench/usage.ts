import { spawn } from 'node:child_process';

/** The resources of a program until its end, with those of all processes that it waited for. */
export interface Usage {
  readonly seconds: number;
  /** User and system time. */
  readonly cpu: number;
  /** The most resident bytes of one process. */
  readonly maxResident: number;
}

// Node does not report the resources of a child, wait4 does. The clock runs here too, so that the start of Python does not count.
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

/** Runs a program to its end. Its output is discarded; a failure throws an error with its standard error. */
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
