import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo } from 'node:net';

/** A foreign program that listens on its own port, in the foreground. */
export interface Daemon {
  readonly port: number;
  /** The process; killing it is all that ends it. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

const TRIES = 5;
const CONNECTS = 2000;

/** The first line that a program says of its version. */
export function versionOf(program: string, args: readonly string[] = ['--version']): string {
  const { stdout, stderr } = spawnSync(program, [...args], { encoding: 'utf8' });
  return (stdout.trim() || stderr.trim()).split('\n')[0] ?? '';
}

/**
 * Starts a program that gets its port by `args`. Between the moment at which the kernel gives a free port and the program's use of
 * it another process may take it: then the program ends, and the next port is tried.
 */
export async function startDaemon(
  program: string,
  args: (port: number) => readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Daemon> {
  let said = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    const port = await freePort();
    const child = spawn(program, [...args(port)], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const ended = new Promise<void>((done, fail) => child.on('error', fail).on('close', () => done()));
    const stop = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    if (await isListening(child, port)) return { port, pid: child.pid ?? 0, stop };
    await stop();
  }
  throw new Error(`${program} does not listen: ${said}`);
}

/** A port that no process listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Connects until the server accepts: the only sign of readiness that every program gives. */
async function isListening(child: ChildProcess, port: number): Promise<boolean> {
  for (let tried = 0; tried < CONNECTS; tried += 1) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const connected = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => done(true)).on('error', () => done(false));
      socket.on('connect', () => socket.destroy());
    });
    // Another one's port answers too, and then our program has ended.
    if (connected) return child.exitCode === null;
    await new Promise((resume) => {
      setTimeout(resume, 5);
    });
  }
  return false;
}
