import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  type BigIntStats,
} from 'node:fs';
import type { Look } from '../core/watch/look.ts';
import { errnoCode } from './disk-error.ts';
import { identityOf } from './file-identity.ts';
import { hasWriter } from './file-writers.ts';

type Own = Omit<Look, 'key'>;

/** Looks at a registry and at the files that its list is computed from. */
export function lookAt(file: string, imported: readonly string[]): Look {
  const own = lookAtFile(file);
  const others = imported.map((path) => `\0${path}\0${contentOf(path)}`);
  return { ...own, key: `${own.content}\0${own.bytes}${others.join('')}` };
}

/** What tells, without reading, that something was written since: nothing else changes all of these times and numbers. */
export function stampOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const found = statOf(path);
      return found ? `${identityOf(found)}:${found.size}:${found.mtimeNs}:${found.ctimeNs}` : '';
    })
    .join('\n');
}

function lookAtFile(path: string): Own {
  let file: number;
  try {
    // Without waiting for whoever has the other end of a pipe.
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
    // Asked again: somebody may have come while it was read.
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

function nothing(content: Look['content']): Own {
  return { content, bytes: '', identity: '', modified: 0, changed: 0, hasWriter: undefined };
}

function contentOf(path: string): string {
  try {
    const found = statSync(path);
    return found.isDirectory() ? readdirSync(path).toSorted().join('\n') : readFileSync(path, 'latin1');
  } catch (error) {
    return errnoCode(error) ?? '';
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}
