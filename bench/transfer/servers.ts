import { fork } from 'node:child_process';
import { join } from 'node:path';
import { startNginx } from '../../test/support/servers/nginx.ts';

/** Serves the files below `folder/www`. */
export interface FileServer {
  readonly endpoint: string;
  /** Body bytes so far; `NaN` for a server that does not count them. */
  readonly sent: () => number;
  /** Resolves when so many body bytes have been sent. */
  readonly reached: (bytes: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function fastServer(folder: string, more = ''): Promise<FileServer> {
  const { port, stop } = await startNginx(folder, more);
  const reached = (): Promise<void> => Promise.reject(new Error('nginx does not count the bytes that it sends'));
  return { endpoint: `http://127.0.0.1:${port}`, sent: () => Number.NaN, reached, stop };
}

/** The server of the bench, which limits each connection and may wait before each answer. */
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
