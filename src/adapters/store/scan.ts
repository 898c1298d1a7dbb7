import { type BigIntStats, type Dirent, lstatSync, statfsSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isModelFile } from '../../core/catalogue/names.ts';
import type { Actual, ModelFile } from '../../core/plan/plan.ts';
import { readJournal } from '../../core/state/journal.ts';
import { type FileNote, type FileStamp, readFileNote } from '../../core/state/record.ts';
import { asDiskError, errnoCode } from '../fs/errors.ts';
import { inodeOf } from '../fs/identity.ts';
import { isPlaceholder, PLACEHOLDER } from '../fs/move.ts';
import { listFolder, readStateFile } from '../fs/state-files.ts';
import { isUndoHeld } from './trash-folder.ts';

/** What `stat` counts blocks in, whatever the file system does. */
const BLOCK = 512;

const NO_NOTE: FileNote = { record: undefined, hashed: undefined };

/** Reads a models directory. One that does not exist counts as empty; nothing is written. */
export async function scanModels(path: string): Promise<Actual> {
  const damaged: string[] = [];
  const own = join(path, '.whisper');
  const recorded = new Set(listFolder(join(own, 'records')).map(({ name }) => name.replace(/\.json$/, '')));
  const modelsIn = (folder: string, entries: readonly Dirent[]): readonly ModelFile[] =>
    entries.flatMap((entry) => {
      const file = isModelFile(entry.name) && statIn(folder, entry);
      if (!file || !file.isFile()) return [];
      if (file.size === BigInt(PLACEHOLDER.length) && isPlaceholder(`${folder}/${entry.name}`)) return [];
      const note = recorded.has(entry.name) ? `${own}/records/${entry.name}.json` : undefined;
      const { record, hashed } = note === undefined ? NO_NOTE : readFileNote(readStateFile(note));
      if (note !== undefined && !record && !hashed) damaged.push(note);
      const isLink = entry.isSymbolicLink();
      // Lazily: few callers need the time of a file, and formatting it is slow.
      return [
        {
          name: entry.name,
          size: Number(file.size),
          isLink,
          record,
          hashed,
          get mtime() {
            return mtimeOf(file);
          },
          get inode() {
            return inodeOf(file);
          },
        },
      ];
    });
  const entries = listFolder(path);
  const undone = join(own, 'undo');
  const inUndo = listFolder(undone).filter((entry) => !entry.isSymbolicLink());
  return {
    files: modelsIn(path, entries),
    undo: { files: modelsIn(undone, inUndo), isHeld: inUndo.length > 0 && (await isUndoHeld(undone)) },
    partials: await partialsIn(join(own, 'partial'), damaged),
    recorded,
    damaged,
    free: freeBytes(path),
  };
}

function statIn(folder: string, entry: Dirent): BigIntStats | undefined {
  try {
    // Without `join`, which is slower: there may be ten thousand files.
    return statSync(`${folder}/${entry.name}`, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // A link in a circle, or into a folder that this user may not read, counts as dangling.
    if (entry.isSymbolicLink()) return undefined;
    throw error;
  }
}

/** The files of an unfinished download. A crash may leave only some of them. */
const PARTIAL = /^(.+?)\.(?:part|part\.json|part\.json\.tmp|lock)$/;

async function partialsIn(folder: string, damaged: string[]): Promise<Actual['partials']> {
  const entries = new Map(listFolder(folder).map((entry) => [entry.name, entry]));
  const names = new Set([...entries.keys()].flatMap((name) => PARTIAL.exec(name)?.[1] ?? []).filter(isModelFile));
  return Promise.all(
    [...names].map(async (name) => {
      const entry = entries.get(`${name}.part`);
      const file = entry?.isFile() === true ? statIn(folder, entry) : undefined;
      const note = join(folder, `${name}.part.json`);
      const journal = entries.has(`${name}.part.json`) ? readJournal(readStateFile(note)) : undefined;
      if (entries.has(`${name}.part.json`) && !journal) damaged.push(note);
      // It has its final size from the start, so the written blocks are counted.
      const size = file ? Math.min(Number(file.size), Number(file.blocks) * BLOCK) : 0;
      const isRunning = entries.has(`${name}.lock`) && (await isBeingFetched(join(folder, `${name}.lock`)));
      return { name, size, received: Math.min(size, journal?.received ?? 0), isRunning };
    }),
  );
}

async function isBeingFetched(lock: string): Promise<boolean> {
  // Loaded only if needed: every command calls this.
  return (await import('../lock/flock.ts')).isLocked(lock, 'exclusive');
}

/** The status of a path, links followed. A link in a circle, or into an unreadable folder, counts as dangling. */
export function statThroughLinks(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) return undefined;
    throw asDiskError(error, path);
  }
}

/** Bytes that the user may still write on the file system of a folder, or of the first parent that exists. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    if (errnoCode(error) === 'ENOENT' && dirname(folder) !== folder) return freeBytes(dirname(folder));
    throw error;
  }
}

/** Identifies a file; of inode numbers, every digit counts. */
export function fileStamp(file: BigIntStats): FileStamp {
  return { size: Number(file.size), mtime: mtimeOf(file), inode: inodeOf(file) };
}

/** ISO 8601, rounded to milliseconds as `Stats.mtime` is. */
function mtimeOf({ mtimeNs }: BigIntStats): string {
  return new Date(Number((mtimeNs + 500_000n) / 1_000_000n)).toISOString();
}
