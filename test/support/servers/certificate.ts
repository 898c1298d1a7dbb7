import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../needs.ts';

export const OPENSSL = findProgram('openssl');

/** A self-signed certificate with its key, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A new self-signed certificate for 127.0.0.1, ::1 and localhost, or for other `names`, valid for years. */
export function createCertificate(names = 'IP:127.0.0.1,IP:::1,DNS:localhost'): Certificate {
  if (OPENSSL === undefined) throw new Error('openssl is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'whisper-certificate-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '3650'];
    const files = ['-keyout', key, '-out', cert];
    const about = ['-subj', '/CN=whisper test', '-addext', `subjectAltName=${names}`];
    const { status, stderr } = spawnSync(OPENSSL, ['req', ...kind, ...files, ...about], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
