import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { strangeFolder } from '../core/messages/disk.ts';

/** The folder of the program's own notes in a models directory, and the folders in it. */
const OWN = '.whisper';
const FOLDERS = ['', 'records', 'partial', 'roots', 'undo'];

/**
 * Throws `disk-failure` (exit 6) where somebody has put a link or a file in the place of one of the program's own folders:
 * what is written or removed there would be somewhere else. `path` is of something in them.
 */
export function requireOwnFolders(path: string): void {
  const at = path.lastIndexOf(`/${OWN}/`);
  if (at < 0) return;
  for (const folder of FOLDERS) {
    const each = join(path.slice(0, at), OWN, folder);
    const found = lstatSync(each, { throwIfNoEntry: false });
    if (!found || found.isDirectory()) continue;
    throw strangeFolder(each, found.isSymbolicLink());
  }
}
