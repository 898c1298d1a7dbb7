import { fork } from 'node:child_process';
import { join } from 'node:path';
import { startNginx } from '../../test/support/servers/nginx.ts';

/** Serves what lies below `folder/www`. */
export interface FileServer {
  readonly endpoint: string;
  /** Body bytes so far; a server that does not count them says `NaN`. */
  readonly sent: () => number;
  /** Resolves when that many body bytes have gone out. */
  readonly reached: (bytes: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function fastServer(folder: string, more = ''): Promise<FileServer> {
  const { port, stop } = await startNginx(folder, more);
  const reached = (): Promise<void> => Promise.reject(new Error('nginx does not say what it has sent'));
  return { endpoint: `http://127.0.0.1:${port}`, sent: () => Number.NaN, reached, stop };
}

/** The bench's own server, which caps each connection and may wait before each answer. */
export async function slowServer(folder: string, bytesPerSecond: number, waitMs = 0): Promise<FileServer> {
  const script = join(import.meta.dirname, 'slow-server.js');
  const child = fork(script, [join(folder, 'www'), String(bytesPerSecond), String(waitMs)]);
  const ended = new Promise((done) => child.on('close', done));
  let sent = 0;
  const waiting = new Set<() => void>();
  const port = await new Promise<number>((listening, fail) => {
    child.on('error', fail);
    child.on('message', (message: { port?: number; sent?: number }) => {
      if (message.port !== undefined) listening(message.port);
      sent = message.sent ?? sent;
      for (const check of waiting) check();
    });
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    sent: () => sent,
    reached: (bytes) =>
      new Promise((done) => {
        const check = (): void => {
          if (sent < bytes) return;
          waiting.delete(check);
          done();
        };
        waiting.add(check);
        check();
      }),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
