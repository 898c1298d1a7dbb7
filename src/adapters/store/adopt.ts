import { constants } from 'node:fs';
import { copyFile, link, lstat, open, stat } from 'node:fs/promises';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import { WhisperError } from '../../core/errors.ts';
import type { LocalCopy } from '../../core/plan/plan.ts';
import { asDiskError, errnoCode } from '../fs/errors.ts';
import { versionOf } from '../fs/identity.ts';
import { LargeFile } from '../fs/large-file.ts';
import { OPEN_NO_LINK } from '../fs/write.ts';
import { removePartial } from './journal-file.ts';
import { MODEL_MODE } from './models-dir.ts';

/** As a clone that shares its blocks, as a hard link, or as a copy. */
type AdoptedBy = 'reflink' | 'link' | 'copy';

/** Thrown where a source does not have the wanted bytes. */
class Unfit extends Error {}

/**
 * Adopts the bytes of another file as `target`, complete, verified and synced to the disk; an old `target` is removed after the
 * source was verified. The source is only read. Where it is not the right one, cannot be read or
 * disappears, the result is `unfit` with the reason, and `target` does not exist. Throws where `target` cannot be
 * written, or the signal ends it.
 */
export async function adoptFile(
  source: LocalCopy,
  target: string,
  entry: PinnedEntry,
  signal: AbortSignal,
): Promise<{ readonly by: AdoptedBy } | { readonly unfit: string }> {
  try {
    const before = await versionOfSource(source.path);
    const actual = await LargeFile.use(source.path, (file) => file.sha256(signal));
    if (actual !== entry.sha256) throw new Unfit(`its sha256 is ${actual}`);
    removePartial(target);
    try {
      const by = await place(source, before, target, entry, signal);
      if (before !== (await versionOfSource(source.path))) throw new Unfit('it changed while it was read');
      await finalize(target, by);
      return { by };
    } catch (error) {
      removePartial(target);
      throw asDiskError(error, target);
    }
  } catch (error) {
    if (error instanceof Unfit) return { unfit: error.message };
    if (error instanceof WhisperError && error.code === 'file-unreadable')
      return { unfit: String(error.details['reason']) };
    throw error;
  }
}

async function place(
  { path, mayLink }: LocalCopy,
  before: string,
  target: string,
  { sha256 }: PinnedEntry,
  signal: AbortSignal,
): Promise<AdoptedBy> {
  if (await succeeds(copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE)))
    return 'reflink';
  removePartial(target);
  if (mayLink && (await succeeds(link(path, target)))) {
    if (before !== versionOf(await lstat(target, { bigint: true }))) throw new Unfit('it changed while it was read');
    return 'link';
  }
  const copied = await LargeFile.use(path, async (file) => {
    const copy = await open(target, 'wx');
    try {
      return await file.copyTo(copy, signal);
    } finally {
      await copy.close();
    }
  });
  if (copied !== sha256) throw new Unfit('it changed while it was copied');
  return 'copy';
}

async function succeeds(work: Promise<void>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return false;
  }
}

/** Syncs a file to the disk, with the mode of a model unless that would change the source too. */
async function finalize(target: string, by: AdoptedBy): Promise<void> {
  const file = await open(target, OPEN_NO_LINK);
  try {
    if (by !== 'link') await file.chmod(MODEL_MODE);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function versionOfSource(path: string): Promise<string> {
  try {
    return versionOf(await stat(path, { bigint: true }));
  } catch (error) {
    throw errnoCode(error) === undefined ? error : new Unfit('it no longer exists');
  }
}
