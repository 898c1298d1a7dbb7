import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { access, constants, open, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';
import { changeRegistry, type Change, type Changed } from '../core/registry/change.ts';
import type { ReadOptions } from '../core/registry/registry.ts';
import { errnoCode } from './disk-error.ts';
import { parseNix } from './parser.ts';
import { openRegistry, readText } from './registry-file.ts';

/** The change as text, without writing it; throws where the file could not be written either. */
export async function previewChange(options: ReadOptions, change: Change): Promise<Changed> {
  const registry = openRegistry(options);
  const changed = changeRegistry(registry, change, parseNix, options);
  if (changed.text !== registry.text) await writableTarget(options.file, change);
  return changed;
}

const TRIES = 3;

/**
 * Changes the list in the file. All other bytes stay; mode and owner stay; a link stays a link. If somebody saves the file
 * meanwhile, the change is made anew on what they saved.
 */
export async function writeChange(options: ReadOptions, change: Change): Promise<Changed> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const registry = openRegistry(options);
    const changed = changeRegistry(registry, change, parseNix, options);
    if (changed.text === registry.text) return changed;
    const target = await writableTarget(options.file, change);
    if (await replaceText(target, registry.text, changed.text, change)) return changed;
  }
  throw new WhisperError(
    'registry-busy',
    `${options.file} was saved by somebody else each of ${TRIES} times`,
    'Run the command again when the file is at rest.',
  );
}

/** The file that a write goes to, links followed; refuses where it is not to be written. */
async function writableTarget(file: string, change: Change): Promise<string> {
  const target = await realpath(file);
  const { mode } = await stat(target);
  const isStore = target.startsWith('/nix/store/');
  const isWritable = !isStore && (mode & 0o222) !== 0 && (await mayWrite(target)) && (await mayWrite(dirname(target)));
  if (isWritable) return target;
  const where = isStore ? 'lies in the Nix store' : 'is read-only';
  const lines = change.names.map((name) => (change.kind === 'add' ? `add "${name}"` : `take out "${name}"`));
  throw new WhisperError(
    'registry-read-only',
    `${printable(target)} ${where} and was left alone`,
    `Edit its source by hand: ${lines.join(', ')}.`,
    { details: { file: target } },
  );
}

async function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Writes a new file beside the old one and renames it into place; false where the old one is not what was read. */
async function replaceText(target: string, before: string, after: string, change: Change): Promise<boolean> {
  const temporary = join(dirname(target), `.whisper-${randomBytes(6).toString('hex')}.tmp`);
  const { mode, uid, gid } = await stat(target);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(after);
      const made = await file.stat();
      if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
      await file.chmod(mode & 0o7777);
      await file.sync();
    } finally {
      await file.close();
    }
    const isUnchanged = readText(target) === before;
    // At once: nobody may save between the look and the rename, as far as that is in our hands.
    if (isUnchanged) renameSync(temporary, target);
    return isUnchanged;
  } catch (cause) {
    if (errnoCode(cause) === undefined) throw cause;
    const lines = change.names.map((name) => JSON.stringify(name)).join(', ');
    throw new WhisperError(
      'registry-read-only',
      `${printable(target)} cannot be written: ${errnoCode(cause)}`,
      `The file was left alone. Edit it by hand: ${change.kind} ${lines}.`,
      { cause },
    );
  } finally {
    await rm(temporary, { force: true });
  }
}
