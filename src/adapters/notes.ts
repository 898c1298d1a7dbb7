import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync, type Dirent } from 'node:fs';
import { dirname } from 'node:path';
import { asDiskError, errnoCode } from './disk-error.ts';

/** The small JSON files that the program keeps beside the models. */

/** What is in a folder; nothing where it does not exist. */
export function listFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (errnoCode(error) === 'ENOENT') return [];
    throw asDiskError(error, folder);
  }
}

/** The text of one of the program's own notes; one that is missing or cannot be read says nothing. */
export function readNote(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Replaces a note in one step. */
export function writeNote(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}
