import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errnoCode } from '../adapters/disk-error.ts';
import type { Host } from '../adapters/host.ts';
import { WhisperError } from '../core/errors.ts';
import { loadCatalogue, type Catalogue, type CatalogueEntry } from '../core/models/catalogue.ts';
import { badLockFile, LOCK_FILE, readLockFile } from '../core/models/lock-file.ts';

/** What pins the bytes of models: the catalogue, `WHISPER_CATALOG` over it, and over both the lock file of a registry. */
export function openCatalogue({ environment, cwd }: Host, registry?: string): Catalogue {
  const path = environment['WHISPER_CATALOG'] || undefined;
  const locked = registry === undefined ? [] : openLockFile(registry);
  if (path === undefined) return loadCatalogue(undefined, locked);
  try {
    return loadCatalogue({ path, text: readFileSync(resolve(cwd, path), 'utf8') }, locked);
  } catch (cause) {
    if (errnoCode(cause) === undefined) throw cause;
    throw new WhisperError(
      'bad-catalogue',
      `WHISPER_CATALOG ${path} cannot be read: ${errnoCode(cause)}`,
      'Check the path, or unset WHISPER_CATALOG.',
      { cause },
    );
  }
}

/** The entries of the lock file beside a registry; where the registry is a link, also beside what it leads to. */
function openLockFile(registry: string): readonly CatalogueEntry[] {
  return readBeside(dirname(registry)) ?? readBeside(dirname(realpathSync(registry))) ?? [];
}

function readBeside(folder: string): readonly CatalogueEntry[] | undefined {
  const path = join(folder, LOCK_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = errnoCode(cause);
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw cause;
    throw badLockFile(path, code, cause);
  }
  return readLockFile(path, text);
}
