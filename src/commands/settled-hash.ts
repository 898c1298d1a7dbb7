import { stat } from 'node:fs/promises';
import { AnyFile } from '../adapters/any-file.ts';
import { versionOf } from '../adapters/file-identity.ts';
import type { ModelFile } from '../core/models/plan.ts';
import type { Context } from './session.ts';

/** The sha256 of a file, and a fingerprint that tells whether the file is still the one that has it. */
export interface SettledHash {
  readonly sha256: string;
  readonly fingerprint: string;
}

/** Hashes a file that stays as it is meanwhile; `undefined` where it changes again and again. */
export async function hashSettled(
  { host, talk }: Context,
  path: string,
  { name, size }: ModelFile,
): Promise<SettledHash | undefined> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const before = await fingerprint(path);
    let done = 0;
    const onBytes = (bytes: number): void => talk.progress({ name, received: (done += bytes), size });
    const sha256 = await AnyFile.use(path, (file) => file.sha256(host.signal, onBytes));
    talk.progress({ name, received: size, size, phase: 'done' });
    if (before === (await fingerprint(path))) return { sha256, fingerprint: before };
  }
  return undefined;
}

/** What changes with a file's bytes, and with the file that has the name; of a file that is gone, nothing. */
export async function fingerprint(path: string): Promise<string> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found ? versionOf(found) : '';
}
