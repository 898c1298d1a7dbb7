import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../core/registry/string-value.ts';
import { errnoCode } from '../fs/errors.ts';
import { listFolder, readStateFile, writeStateFile } from '../fs/state-files.ts';
import { defaultModelsFolder, stateFolder } from '../fs/user-folders.ts';

/** Models directories of this machine, each in a state file of its own: `HASH.json` with `{path}`. */

/** Records a models directory, so that other projects find its models. Does nothing where that cannot be written. */
export async function noteModelsFolder(environment: Environment, path: string): Promise<void> {
  // Loaded here, because it is slow and read-only commands do not need it.
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

/** The recorded models directories, and the default one. They need not exist. */
export function knownModelsFolders(environment: Environment): readonly string[] {
  const noted = notesIn(notesFolder(environment)).flatMap((note) => pathOf(readStateFile(note)) ?? []);
  return [...new Set([defaultModelsFolder(environment), ...noted])];
}

function notesFolder(environment: Environment): string {
  return join(stateFolder(environment), 'models-dirs');
}

/** The state files; only regular files. */
function notesIn(folder: string): readonly string[] {
  try {
    const files = listFolder(folder).filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
    return files.map(({ name }) => join(folder, name)).toSorted();
  } catch {
    // A folder that cannot be read counts as empty.
    return [];
  }
}

function pathOf(text: string): string | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    const path = typeof value === 'object' && value !== null && 'path' in value ? value.path : undefined;
    return typeof path === 'string' && path.startsWith('/') ? path : undefined;
  } catch {
    // A damaged file is ignored.
    return undefined;
  }
}
