import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../core/registry/string-value.ts';
import { errnoCode } from '../fs/errors.ts';
import { listFolder, readStateFile, writeStateFile } from '../fs/state-files.ts';
import { defaultModelsFolder, stateFolder } from '../fs/user-folders.ts';

/** Models directories of this machine, each in a note of its own below the state folder: `HASH.json` with `{path}`. */

/** Notes that models lie in a folder, so that other projects find them; where that cannot be written they do not. */
export async function noteModelsFolder(environment: Environment, path: string): Promise<void> {
  // Loaded here, because commands that only look have no need of it and it takes its time.
  const { createHash } = await import('node:crypto');
  try {
    const real = realpathSync(path);
    const id = createHash('sha256').update(real).digest('hex').slice(0, 32);
    const note = join(notesFolder(environment), `${id}.json`);
    if (pathOf(readStateFile(note)) !== real) writeStateFile(note, { path: real });
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
  }
}

/** The folders that were noted, and the one that is used where nobody names another. They need not exist any more. */
export function knownModelsFolders(environment: Environment): readonly string[] {
  const noted = notesIn(notesFolder(environment)).flatMap((note) => pathOf(readStateFile(note)) ?? []);
  return [...new Set([defaultModelsFolder(environment), ...noted])];
}

function notesFolder(environment: Environment): string {
  return join(stateFolder(environment), 'models-dirs');
}

/** Only regular files: to read a pipe would take forever. */
function notesIn(folder: string): readonly string[] {
  try {
    const files = listFolder(folder).filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
    return files.map(({ name }) => join(folder, name)).toSorted();
  } catch {
    // A folder that cannot be read knows of nothing.
    return [];
  }
}

function pathOf(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : undefined;
    return typeof path === 'string' && path.startsWith('/') ? path : undefined;
  } catch {
    // A damaged note names no folder.
    return undefined;
  }
}
