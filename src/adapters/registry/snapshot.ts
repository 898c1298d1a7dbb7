import {
  type BigIntStats,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { importedPaths, type FileSnapshot } from '../../core/watch/snapshot.ts';
import { errnoCode } from '../fs/errors.ts';
import { identityOf } from '../fs/identity.ts';
import { hasWriter } from '../fs/open-writers.ts';
import { readSmallFile, readTextOrNothing } from '../fs/read.ts';

type Own = Omit<FileSnapshot, 'key'>;

/** Reads a registry and the files that its list is computed from. */
export function readSnapshot(file: string, imported: readonly string[]): FileSnapshot {
  const own = readOwn(file);
  const others = imported.map((path) => `\0${path}\0${contentOf(path)}`);
  return { ...own, key: `${own.content}\0${own.bytes}${others.join('')}` };
}

/** Changes with every write to the files, and is cheaper than reading them. */
export function stampOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const found = statOf(path);
      return found ? `${identityOf(found)}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : '';
    })
    .join('\n');
}

function readOwn(path: string): Own {
  let file: number;
  try {
    // Without waiting for the other end of a pipe.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = errnoCode(error);
    return nothing(code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' ? 'absent' : 'unreadable');
  }
  try {
    const found = fstatSync(file, { bigint: true });
    if (!found.isFile()) return nothing(found.isDirectory() ? 'folder' : 'no-file');
    const before = hasWriter(file);
    const bytes = readFileSync(file, 'latin1');
    // Checked again: a process may have opened it during the reading.
    const after = before === false ? hasWriter(file) : before;
    return {
      content: bytes.length === 0 ? 'empty' : 'text',
      bytes,
      identity: identityOf(found),
      modified: Number(found.mtimeMs),
      changed: Number(found.ctimeMs),
      hasWriter: after,
    };
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return nothing('unreadable');
  } finally {
    closeSync(file);
  }
}

function nothing(content: FileSnapshot['content']): Own {
  return { content, bytes: '', identity: '', modified: 0, changed: 0, hasWriter: undefined };
}

function contentOf(path: string): string {
  try {
    if (statSync(path).isDirectory()) return readdirSync(path).toSorted().join('\n');
    return readSmallFile(path, (reason) => new Error(reason), OF_ANY_SIZE)?.toString('latin1') ?? '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

const OF_ANY_SIZE = { maxBytes: Number.POSITIVE_INFINITY };

/** The most files that are watched, so that a text full of slashes costs little. */
const MAX_FILES = 64;

/** Files and folders that a registry's list may be computed from, except itself; they need not exist. */
export function importedFiles(file: string): readonly string[] {
  const own = realpathSync(file);
  const reach = dirname(own);
  const found = new Set<string>([own]);
  for (const path of found) {
    const text = path.endsWith('.nix') ? readTextOrNothing(path, OF_ANY_SIZE) : '';
    for (const each of importedPaths(text, dirname(path), reach, resolve)) {
      if (found.size >= MAX_FILES) break;
      found.add(each);
      if (existsSync(join(each, 'default.nix'))) found.add(join(each, 'default.nix'));
    }
  }
  found.delete(own);
  return [...found];
}
