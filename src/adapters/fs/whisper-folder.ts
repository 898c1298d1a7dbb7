import { accessSync, constants, existsSync, lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { foreignFolder } from '../../core/messages/disk.ts';
import { withDiskErrors } from './errors.ts';

/** The folder of the program's state files in a models directory, and the folders in it. */
const OWN = '.whisper';
const FOLDERS = ['', 'records', 'partial', 'roots', 'undo'];

/** Throws `disk-failure` (exit 6) where an own folder above `path` is a link or a file: bytes would be written elsewhere. */
export function requireWhisperFolders(path: string): void {
  const at = path.lastIndexOf(`/${OWN}/`);
  if (at < 0) return;
  for (const folder of FOLDERS) {
    const each = join(path.slice(0, at), OWN, folder);
    const found = lstatSync(each, { throwIfNoEntry: false });
    if (!found || found.isDirectory()) continue;
    throw foreignFolder(each, found.isSymbolicLink());
  }
}

/** Throws `no-permission` (exit 6) where this user cannot publish in a models directory, also on a read-only file system. */
export function requireWritableFolders(modelsDir: string): void {
  for (const folder of FOLDERS.map((name) => join(modelsDir, OWN, name))) requireWritable(firstExisting(folder));
  requireWritable(firstExisting(modelsDir));
}

function firstExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : firstExisting(dirname(folder));
}

function requireWritable(folder: string): void {
  withDiskErrors(folder, () => accessSync(folder, constants.W_OK | constants.X_OK));
}
