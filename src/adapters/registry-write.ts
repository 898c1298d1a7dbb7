import { randomBytes } from 'node:crypto';
import { renameSync } from 'node:fs';
import { access, constants, open, realpath, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';
import { changeRegistry, type Change, type Changed } from '../core/registry/change.ts';
import { quote } from '../core/nix/quote.ts';
import { readStatically } from '../core/registry/read-registry.ts';
import { byHand as handwork, fixList, type Fixed } from '../core/registry/fix.ts';
import type { Finding } from '../core/registry/lint.ts';
import type { ReadOptions } from '../core/registry/registry.ts';
import type { SyntaxNode } from '../core/registry/syntax.ts';
import { errnoCode } from './disk-error.ts';
import { faultPoint } from './fault-points.ts';
import { parseNix } from './parser.ts';
import { syncFolder } from './notes.ts';
import { readText } from './registry-file.ts';

/** A change of the list in a file, and what has to be known of it. */
export interface ListChange {
  readonly change: Change;
  /** The list as Nix evaluated it, where the text alone does not tell it. */
  readonly evaluated: readonly string[];
}

/** The change as text, without writing it; throws where the file could not be written either. */
export async function previewChange(options: ReadOptions, change: ListChange): Promise<Changed> {
  const { before, changed } = changeText(options, change);
  if (changed.text !== before) await writableTarget(options.file, byHand(change.change));
  return changed;
}

/** How often a change is made anew if somebody saves the file meanwhile. */
export const TRIES = 3;

/**
 * Changes the list in the file. All other bytes stay; mode and owner stay; a link stays a link. If somebody saves the file
 * meanwhile, the change is made anew on what they saved.
 */
export async function writeChange(options: ReadOptions, change: ListChange): Promise<Changed> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const { before, changed } = changeText(options, change);
    if (changed.text === before) return changed;
    const target = await writableTarget(options.file, byHand(change.change));
    if (await replaceText(target, before, changed.text, byHand(change.change))) return changed;
  }
  throw savedMeanwhile(options.file);
}

/**
 * Writes the sure fixes of what was found in `text`; `reading` is the file as it is then. `undefined`: somebody saved the
 * file since it was looked at, so it was left alone.
 */
export async function writeFixes(
  options: ReadOptions,
  text: string,
  findings: readonly Finding[],
): Promise<Fixed | undefined> {
  const reading = readStatically(parseNix(text), text, options);
  const fixes = fixList(reading, findings, parseNix, options);
  if (fixes.fixed.length === 0) return fixes;
  const work = fixes.fixed.map(handwork).join(', ');
  const target = await writableTarget(options.file, work);
  return (await replaceText(target, text, fixes.reading.text, work)) ? fixes : undefined;
}

function changeText(
  options: ReadOptions,
  { change, evaluated }: ListChange,
): { readonly before: string; readonly changed: Changed } {
  const text = readText(options.file);
  const reading = readStatically(parseForEdit(text, change), text, options);
  return { before: text, changed: changeRegistry(reading, change, parseNix, options, evaluated) };
}

/** The tree to edit by. Without a parser nothing is edited, and the person is told what to write. */
function parseForEdit(text: string, change: Change): SyntaxNode {
  try {
    return parseNix(text);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    const hint = `Edit the file by hand: ${byHand(change)}. To mend the parser: ${error.hint}`;
    throw new WhisperError(error.code, error.message, hint, { cause: error });
  }
}

/** The file that a write goes to, links followed; refuses where it is not to be written. */
async function writableTarget(file: string, work: string): Promise<string> {
  const target = await realpath(file);
  const { mode } = await stat(target);
  const isStore = target.startsWith('/nix/store/');
  const isWritable = !isStore && (mode & 0o222) !== 0 && (await mayWrite(target)) && (await mayWrite(dirname(target)));
  if (isWritable) return target;
  const where = isStore ? 'lies in the Nix store' : 'is read-only';
  throw new WhisperError(
    'registry-read-only',
    `${printable(target)} ${where} and was left alone`,
    `Edit its source by hand: ${work}.`,
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
async function replaceText(target: string, before: string, after: string, work: string): Promise<boolean> {
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
    faultPoint('registry: written beside');
    if (isUnchanged) renameSync(temporary, target);
    faultPoint('registry: replaced');
    // A model that is published next must not outlive its line when the power goes.
    if (isUnchanged) syncFolder(dirname(target));
    return isUnchanged;
  } catch (cause) {
    if (errnoCode(cause) === undefined) throw cause;
    throw new WhisperError(
      'registry-read-only',
      `${printable(target)} cannot be written: ${errnoCode(cause)}`,
      `The file was left alone. Edit it by hand: ${work}.`,
      { cause },
    );
  } finally {
    await rm(temporary, { force: true });
  }
}

function byHand({ kind, names }: Change): string {
  return names.map((name) => (kind === 'add' ? `add the line ${quote(name)}` : `take out ${quote(name)}`)).join(', ');
}

export function savedMeanwhile(file: string): WhisperError {
  const message = `${file} was saved by somebody else each time that it was about to be written`;
  return new WhisperError('registry-busy', message, 'Run the command again when the file is at rest.');
}
