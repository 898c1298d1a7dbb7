import {
  type BigIntStats,
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { errnoCode, NO_LINKS } from './errors.ts';
import { faultPoint } from './fault-points.ts';
import { identifyFile, isUnchanged } from './identity.ts';
import { readStateFile } from './state-files.ts';

/** Gives a file a free name; false, unchanged, where anything has it. A crash may leave the file with both names. */
export function moveToFreeName(from: string, to: string): boolean {
  try {
    // Unlike rename(2), link(2) never replaces a file.
    linkSync(from, to);
  } catch (error) {
    const code = errnoCode(error);
    if (code === 'EEXIST') return isPlaceholder(to) && moveOverPlaceholder(from, to);
    if (!NO_LINKS.has(code)) throw error;
    return makePlaceholder(to) && moveOverPlaceholder(from, to);
  }
  faultPoint('move: linked');
  unlinkSync(from);
  return true;
}

/**
 * Replaces the file `to` by the file `from`, if `to` is still the file that was `seen` there. False where another file has the
 * name by now, or where the old one is in use (`isUnused`): that file keeps the name. Where the file system cannot exchange
 * two names, a moment remains between the check and the rename.
 */
export async function moveOver(
  from: string,
  to: string,
  seen: BigIntStats,
  isUnused: () => boolean = () => true,
): Promise<boolean> {
  const { exchangeNames } = await import('./native-files.ts');
  const now = identifyFile(to);
  if (!now) return moveToFreeName(from, to);
  if (!isUnchanged(seen, now)) return false;
  if (!exchangeNames(from, to)) {
    renameSync(from, to);
    return true;
  }
  faultPoint('move: exchanged');
  if (isUnchanged(seen, identifyFile(from)) && isUnused()) {
    unlinkSync(from);
    return true;
  }
  exchangeNames(from, to);
  return false;
}

/** The content of a file that reserves a name, on file systems without hard links. A model never has it. */
export const PLACEHOLDER = 'whisper is about to publish a model here\n';

/** Whether a process reserved a name and ended before it moved its file there. */
export function isPlaceholder(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true && found.size === PLACEHOLDER.length && readStateFile(path) === PLACEHOLDER;
}

function makePlaceholder(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (errnoCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    writeFileSync(file, PLACEHOLDER);
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

/** A file that replaced the placeholder since it was made keeps the name. */
function moveOverPlaceholder(from: string, to: string): boolean {
  if (!isPlaceholder(to)) return false;
  renameSync(from, to);
  return true;
}
