import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../needs.ts';
import { startDaemon, type Daemon } from './daemon.ts';

export const TINYPROXY = findProgram('tinyproxy');

export interface Proxy extends Daemon {
  /** The request lines that it was sent, such as `GET http://host/path HTTP/1.1`. */
  readonly requests: () => readonly string[];
}

/** tinyproxy, with everything that it writes inside of `folder`; `more` is added to its configuration. */
export async function startTinyproxy(folder: string, more = ''): Promise<Proxy> {
  if (TINYPROXY === undefined) throw new Error('tinyproxy is not installed');
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'tinyproxy.conf');
  const log = join(folder, 'tinyproxy.log');
  const daemon = await startDaemon(TINYPROXY, (port) => {
    writeFileSync(
      config,
      `Port ${port}\nListen 127.0.0.1\nMaxClients 100\nTimeout 60\nLogFile "${log}"\nLogLevel Connect\n${more}`,
    );
    return ['-d', '-c', config];
  });
  const requests = (): readonly string[] =>
    [...readFileSync(log, 'utf8').matchAll(/Request \(file descriptor \d+\): (.+)/g)].map(([, line = '']) => line);
  return { ...daemon, requests };
}
