import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { readObject } from '../../core/json.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { errnoCode } from '../fs/errors.ts';
import { listFolder, readStateFile, writeStateFile } from '../fs/state-files.ts';
import { defaultModelsFolder, stateFolder } from '../fs/user-folders.ts';

/** Models directories of this machine, each in a state file of its own: `HASH.json` with `{path}`. */

/** Adds a models directory to the known ones, so that other projects find its models. Does nothing where that cannot be written. */
export async function addKnownFolder(environment: Environment, path: string): Promise<void> {
  // Loaded here, because it is slow and read-only commands do not need it.
  const { createHash } = await import('node:crypto');
  try {
    const real = realpathSync(path);
    const id = createHash('sha256').update(real).digest('hex').slice(0, 32);
    const file = join(listPath(environment), `${id}.json`);
    if (pathIn(file) !== real) writeStateFile(file, { path: real });
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
  }
}

/** The known models directories, the default one first. They need not exist. */
export function knownModelsFolders(environment: Environment): readonly string[] {
  return [...new Set([defaultModelsFolder(environment), ...readFolders(listPath(environment))])];
}

function listPath(environment: Environment): string {
  return join(stateFolder(environment), 'models-dirs');
}

function readFolders(folder: string): readonly string[] {
  try {
    const names = listFolder(folder).map(({ name }) => name);
    return names
      .filter((name) => name.endsWith('.json'))
      .toSorted()
      .flatMap((name) => pathIn(join(folder, name)) ?? []);
  } catch {
    // A folder that cannot be read counts as empty.
    return [];
  }
}

/** `undefined`: the file is missing or damaged. */
function pathIn(file: string): string | undefined {
  const { path } = readObject(readStateFile(file)) ?? {};
  return typeof path === 'string' && path.startsWith('/') ? path : undefined;
}
