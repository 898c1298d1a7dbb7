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
 * The name of the kept code of this very program, V8 and kind of processor. V8 does not notice that code is of another kind of
 * processor, and crashes, for example in a home directory that machines share.
 */
export function keptName(program: string): string {
  return `${program}-${process.arch}-${process.versions.v8}.cache`;
}

/** What V8 kept of a compilation; `undefined` where it is missing, damaged or another user's. */
export function readKept(path: string): Buffer | undefined {
  try {
    const kept = readFileSync(path);
    const [one, other] = [kept.subarray(0, kept.length / 2), kept.subarray(kept.length / 2)];
    return one.equals(other) && one.length > 0 ? one : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The folder in the user's cache that kept code is read from and written to. It is run, so nobody else may be able to write there:
 * `undefined` where that is not so, or the folder cannot be created.
 */
export function privateFolder(environment: Environment): string | undefined {
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

/** Whether a command compiles most of what others need. V8 keeps only what has run. */
export function isWorthKeeping([, , command = '-']: readonly string[]): boolean {
  return !command.startsWith('-') && command !== 'complete';
}

/** Keeps code for the next start, in place of that of other versions of the program. A failure costs only time. */
export function keep(folder: string, program: string, data: Buffer): void {
  const temporary = join(folder, `${process.pid}.tmp`);
  try {
    writeFileSync(temporary, twice(data), { mode: 0o600 });
    const others = readdirSync(folder).filter((name) => name.endsWith('.cache') && !name.startsWith(program));
    for (const name of others) rmSync(join(folder, name));
    renameSync(temporary, join(folder, keptName(program)));
  } catch {
    rmSync(temporary, { force: true });
  }
}
