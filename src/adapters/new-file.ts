import { lstatSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { linkOfAnotherUser } from '../core/messages/disk.ts';
import { asDiskError, errnoCode } from './disk-error.ts';
import { createText } from './new-text.ts';

/** Whether anything at all has a name: a file, a folder, a link that leads nowhere. */
export function isTaken(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw asDiskError(error, path, '--file');
  }
}

/**
 * Makes a file with the folders that it lies in, whole or not at all; false where anything has its name. Throws errors of
 * exit code 6.
 */
export async function makeFile(path: string, text: string): Promise<boolean> {
  requireNoStrangersLink(dirname(path));
  const made: string[] = [];
  try {
    makeFolders(dirname(path), made);
    return await createText(path, text);
  } catch (error) {
    removeFolders(made);
    throw asDiskError(error, path, '--file');
  }
}

/** Somebody who may write in a folder on the way could have a link there lead to any place of this user's. */
function requireNoStrangersLink(folder: string): void {
  if (dirname(folder) !== folder) requireNoStrangersLink(dirname(folder));
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() !== true || found.uid === 0 || found.uid === process.getuid?.()) return;
  throw linkOfAnotherUser(folder);
}

/**
 * Makes a folder with those that it lies in, and notes each one that was made. One by one, because Node gives ENOENT as the
 * reason for whatever goes wrong when it makes several.
 */
function makeFolders(folder: string, made: string[]): void {
  if (isFolder(folder)) return;
  makeFolders(dirname(folder), made);
  try {
    mkdirSync(folder);
    made.push(folder);
  } catch (error) {
    // Another process may have been faster.
    if (errnoCode(error) !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Removes folders that were made just now, the last one first, as far as nobody has put anything there. */
function removeFolders(made: readonly string[]): void {
  try {
    for (const folder of made.toReversed()) rmdirSync(folder);
  } catch {
    // The error to tell is the one that made it necessary.
  }
}
