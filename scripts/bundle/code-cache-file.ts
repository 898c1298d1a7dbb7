import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/core/registry/string-value.ts';
import { codeFolder } from '../../src/adapters/fs/user-folders.ts';

/** V8 does not notice that a bit is another one. The data stand there twice, because comparing takes less time than any sum. */
export function twice(data: Buffer): Buffer {
  return Buffer.concat([data, data]);
}

/**
 * The name of the code cache for this very program, V8 and kind of processor. V8 does not notice that a cache is for another kind of
 * processor, and crashes, for example in a home directory that machines share.
 */
export function cacheName(program: string): string {
  return `${program}-${process.arch}-${process.versions.v8}.cache`;
}

/** Reads a code cache; `undefined` where it is missing or damaged. */
export function readCache(path: string): Buffer | undefined {
  try {
    const data = readFileSync(path);
    const [one, other] = [data.subarray(0, data.length / 2), data.subarray(data.length / 2)];
    return one.equals(other) && one.length > 0 ? one : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder for code caches in the user's cache folder. What they contain is run, so no other user may be able to write there:
 * `undefined` where that is not so, or the folder cannot be created.
 */
export function privateCacheFolder(environment: Environment): string | undefined {
  const folder = codeFolder(environment);
  try {
    if (!lstatSync(folder, { throwIfNoEntry: false })) makePrivate(folder);
    const found = lstatSync(folder);
    const isPrivate = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
    return isPrivate ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder, the one that it is in, and the cache folder. Not `recursive`: in /proc, Node would try for ever. */
function makePrivate(folder: string): void {
  for (const each of [dirname(dirname(folder)), dirname(folder), folder])
    if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
}

/** Whether a command compiles most of what others need. A code cache contains only what has run. */
export function isWorthCaching([, , command = '-']: readonly string[]): boolean {
  return !command.startsWith('-') && command !== 'complete';
}

/** Writes a code cache for the next start, in place of those of other versions of the program. A failure costs only time. */
export function writeCache(folder: string, program: string, data: Buffer): void {
  const temporary = join(folder, `${process.pid}.tmp`);
  try {
    writeFileSync(temporary, twice(data), { mode: 0o600 });
    const others = readdirSync(folder).filter((name) => name.endsWith('.cache') && !name.startsWith(program));
    for (const name of others) rmSync(join(folder, name));
    renameSync(temporary, join(folder, cacheName(program)));
  } catch {
    rmSync(temporary, { force: true });
  }
}
