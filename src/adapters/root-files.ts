import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { flakeFolder, type Root } from '../core/models/root.ts';

/**
 * Whether the file of a root is missing, or the folder of this machine that its flake reference means. What exists and cannot
 * be looked at is not missing: to read it says why.
 */
export function isRootMissing({ file, attr, cwd }: Root): boolean {
  const folder = attr?.includes('#') === true ? flakeFolder(attr) : undefined;
  return isMissing(file) || (folder !== undefined && isMissing(resolve(cwd ?? dirname(file), folder)));
}

function isMissing(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/**
 * The roots that a path means: of that file, through links or not, else of files in that folder. The path need not exist any
 * more; then as much of it is followed as exists.
 */
export function rootsAt(roots: readonly Root[], given: string, cwd: string): readonly Root[] {
  const path = resolve(cwd, given);
  // As roots are noted: the folder with its links followed, the file without.
  const names = new Set([path, join(followed(dirname(path)), basename(path)), followed(path)]);
  const ofFile = roots.filter(({ file }) => names.has(file) || names.has(followed(file)));
  if (ofFile.length > 0) return ofFile;
  return roots.filter(({ file }) => [...names].some((folder) => file.startsWith(`${folder}/`)));
}

/** A path with links followed, as far as it exists. */
function followed(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path === dirname(path) ? path : join(followed(dirname(path)), basename(path));
  }
}
