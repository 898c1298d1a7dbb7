import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { versionOf } from '../adapters/file-identity.ts';
import { fileStamp } from '../adapters/file-stamp.ts';
import { hashFile } from '../adapters/hash-file.ts';
import type { ModelFile } from '../core/models/plan.ts';
import type { HashedFile } from '../core/models/record.ts';
import type { Context } from './session.ts';

/** The sha256 of a file, and a fingerprint that tells whether the file is still the one that has it. */
export interface SettledHash extends HashedFile {
  readonly fingerprint: string;
}

/** Hashes a file that stays as it is meanwhile; `undefined` where it changes again and again. */
export async function hashSettled(
  { host, talk }: Context,
  path: string,
  { name, size, isLink }: Pick<ModelFile, 'name' | 'size' | 'isLink'>,
): Promise<SettledHash | undefined> {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const before = await statIfThere(path);
    let done = 0;
    const onBytes = (bytes: number): void => talk.progress({ name, received: (done += bytes), size });
    const sha256 = await hashFile(path, isLink, host.signal, onBytes);
    talk.progress({ name, received: size, size, phase: 'done' });
    if (before && versionOf(before) === (await fingerprint(path)))
      return { ...fileStamp(before), sha256, fingerprint: versionOf(before) };
  }
  return undefined;
}

/** What changes with a file's bytes, and with the file that has the name; of a file that is gone, nothing. */
export async function fingerprint(path: string): Promise<string> {
  const found = await statIfThere(path);
  return found ? versionOf(found) : '';
}

async function statIfThere(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}
