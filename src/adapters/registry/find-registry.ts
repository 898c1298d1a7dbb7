import { existsSync, lstatSync, realpathSync, statSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { WhisperError } from '../../core/errors.ts';
import {
  danglingRegistry,
  registryMissing,
  registryNotAFile,
  registryNotFound,
  registryNotText,
  unreadableRegistry,
} from '../../core/messages/registry.ts';
import { errnoCode } from '../fs/errors.ts';
import { decodeUtf8, isFolder, NOT_REGULAR, readSmallFile } from '../fs/read.ts';
import { followPath } from './path-chain.ts';
import { createRequire } from 'node:module';

// Files are read synchronously: every command starts with them, and a promise costs more than the reading.

/** Where a registry is put. */
export const USUAL_NAME = 'nix/whisper-manager.nix';
const NAMES = [USUAL_NAME, 'nix/whisper-manager/default.nix', 'whisper-manager.nix'];

/** Finds the registry: the given file, else the first of the usual names in `cwd` or a parent, up to the git root. */
export function findRegistry(given: string | undefined, cwd: string): string {
  if (given !== undefined) return findGiven(namedRegistry(given, cwd));
  const found = searchRegistry(cwd);
  if (found !== undefined) return findGiven(found);
  throw registryNotFound(cwd, NAMES);
}

/** The first usual name in `cwd` or a parent, up to the git root; also a dangling link: that of a parent would be wrong. */
export function searchRegistry(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const found = NAMES.map((name) => join(folder, name)).find(exists);
    if (found !== undefined) return found;
    const nix = join(folder, dirname(USUAL_NAME));
    if (exists(nix) && !existsSync(nix)) return join(folder, USUAL_NAME);
    if (dirname(folder) === folder || existsSync(join(folder, '.git'))) return undefined;
  }
}

/** The registry that a path names, which need not exist: a folder means its `default.nix`. */
export function namedRegistry(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  return isFolder(path) ? join(path, 'default.nix') : path;
}

function findGiven(file: string): string {
  if (existsSync(file)) return file;
  throw danglingLink(file) ?? registryMissing(file);
}

/** Whether anything has that name; a link is not followed. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A part of the path is a file, or a folder that may not be searched.
    return false;
  }
}

/** The error for a registry whose path leads through a link to nothing; `undefined` for any other path. */
export function danglingLink(file: string): WhisperError | undefined {
  try {
    statSync(file);
    return undefined;
  } catch (error) {
    // Links in a circle (ELOOP) lead nowhere either, and are reported as such when the file is read.
    if (errnoCode(error) !== 'ENOENT') return undefined;
  }
  const { hops, target } = followPath(file);
  return hops.length > 1 ? danglingRegistry(file, target) : undefined;
}

/** Old and new text of a file that is overwritten in place. During that, or after a crash, the file may have neither. */
export const SAVED_TEXTS = '.whisper-edit.json';

/** Whether a text beside the file, or the file itself, is being overwritten or was when its writer ended. */
export function isBeingOverwritten(file: string): boolean {
  try {
    const saved = lstatSync(join(dirname(realpathSync.native(file)), SAVED_TEXTS), { throwIfNoEntry: false });
    // A file from a checkout has another mode, and is ignored.
    return saved !== undefined && saved.isFile() && (saved.mode & 0o777) === 0o600;
  } catch {
    // Reading the file reports the error.
    return false;
  }
}

/** The text of a registry file; throws a `WhisperError` of exit code 3 where there is none, or it cannot be read. */
export function readText(file: string): string {
  const bad = (reason: string, cause?: unknown): Error => {
    if (reason !== NOT_REGULAR) return danglingLink(file) ?? unreadableRegistry(file, reason, cause);
    return isFolder(file) ? unreadableRegistry(file, 'EISDIR', cause) : registryNotAFile(file);
  };
  const bytes = readSmallFile(file, bad, { maxBytes: Number.POSITIVE_INFINITY });
  if (!bytes) throw danglingLink(file) ?? unreadableRegistry(file, 'ENOENT', undefined);
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    throw registryNotText(file, cause);
  }
}

/** The registry that comes with the program: the module of its own repository. */
export function readTemplate(): string {
  return readFileSync(createRequire(import.meta.url).resolve('#template'), 'utf8');
}
