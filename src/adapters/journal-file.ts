import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { partialFiles, readJournal, type Journal, type Pin } from '../core/models/journal.ts';
import { asDiskError } from './disk-error.ts';

/** The journal of the partial file at `path`; `undefined` where there is none that can be read: no byte counts then. */
export function loadJournal(path: string): Journal | undefined {
  try {
    return readJournal(readFileSync(`${path}.json`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Replaces the journal in one step, so that a crash leaves the old one or the new one. */
export function saveJournal(path: string, pin: Pin, received: number): void {
  try {
    writeFileSync(`${path}.json.tmp`, JSON.stringify({ ...pin, finished: received > 0 ? [[0, received]] : [] }));
    renameSync(`${path}.json.tmp`, `${path}.json`);
  } catch (error) {
    throw asDiskError(error, path);
  }
}

/** Removes a partial file and its journal; it is no error if they are not there. */
export function removePartial(path: string): void {
  try {
    for (const each of partialFiles(path)) rmSync(each, { force: true });
  } catch (error) {
    throw asDiskError(error, path);
  }
}
