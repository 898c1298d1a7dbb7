import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file on a server of the bench, with the path that a hub would use. */
export interface Sample {
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  /** The path of its URL, and below `folder/www`. */
  readonly path: string;
}

export const MIB = 1024 ** 2;
export const REPO = 'bench/models';
export const REVISION = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
/** Bytes a second of a limited connection. */
export const CAP = 20e6;
const BLOCK = 64 * MIB;

/** Writes an incompressible file whose blocks all differ. */
export function writeSample(folder: string, file: string, size: number): Sample {
  const path = join(REPO, 'resolve', REVISION, file);
  const target = join(folder, 'www', path);
  mkdirSync(dirname(target), { recursive: true });
  const output = openSync(target, 'w');
  const hash = createHash('sha256');
  const block = createCipheriv('aes-128-ctr', Buffer.alloc(16, file), Buffer.alloc(16)).update(
    Buffer.alloc(Math.min(BLOCK, size)),
  );
  for (let at = 0; at < size; at += BLOCK) {
    const part = block.subarray(0, size - at);
    if (at === 0) part.write('lmgg');
    else part.writeUInt32LE(at / BLOCK);
    hash.update(part);
    writeSync(output, part);
  }
  closeSync(output);
  return { file, size, sha256: hash.digest('hex'), path };
}
