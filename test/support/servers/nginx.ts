import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram, isRoot } from '../needs.ts';
import { startDaemon, type Daemon } from './daemon.ts';

export const NGINX = findProgram('nginx');

/**
 * nginx as a plain server of files and ranges: serves the files below `folder/www`. Everything that
 * it writes is inside of `folder`. `more` goes into the server block.
 */
export async function startNginx(folder: string, more = ''): Promise<Daemon> {
  if (NGINX === undefined) throw new Error('nginx is not installed');
  const config = join(folder, 'nginx.conf');
  mkdirSync(join(folder, 'www'), { recursive: true });
  mkdirSync(join(folder, 'temporary'), { recursive: true });
  return startDaemon(NGINX, (port) => {
    writeFileSync(config, configuration(folder, port, more));
    return ['-p', folder, '-e', join(folder, 'error.log'), '-c', config];
  });
}

function configuration(folder: string, port: number, more: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${join(folder, 'temporary')};`,
  );
  // One process, which runs as the current user and ends when it is killed.
  // Of root it would give its folders to another user, whom a user namespace does not have.
  const user = isRoot ? 'user root root;\n' : '';
  return `${user}daemon off;
master_process off;
pid ${join(folder, 'nginx.pid')};
error_log ${join(folder, 'error.log')};
events { worker_connections 1024; }
http {
${temporary.join('\n')}
  access_log ${join(folder, 'access.log')};
  default_type application/octet-stream;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000;
  server {
    listen 127.0.0.1:${port};
    root ${join(folder, 'www')};
    ${more}
  }
}
`;
}
