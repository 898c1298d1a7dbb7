import { dirname, resolve } from 'node:path';
import { readSmallFile } from '../../adapters/fs/read.ts';
import type { Host } from '../../adapters/process/host.ts';
import { findLockFile } from '../../adapters/registry/lockfile.ts';
import { readSubstituters, type Substituters } from '../../core/binary-cache/substituters.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { type Catalogue, loadCatalogue, parseCatalogue } from '../../core/catalogue/catalogue.ts';
import type { WhisperError } from '../../core/errors.ts';
import { readLockFile, readLockSubstituters } from '../../core/lockfile/lockfile.ts';
import { unreadableCatalogue } from '../../core/messages/environment.ts';
import type { Registry } from '../../core/registry/registry.ts';
import { declaredSources } from '../../core/registry/sources/read-sources.ts';
import { entryOfSource, type ModelSource } from '../../core/registry/sources/source.ts';

/** What pins the bytes of models, and the caches that are asked for them before the hub. */
export interface Pins {
  readonly catalogue: Catalogue;
  readonly substituters: Substituters;
  /** For each source of the registry that contradicts another pin, the error (exit 3). */
  readonly conflicts: () => Promise<readonly WhisperError[]>;
}

/** A registry as far as it pins models. */
export type Declaring = Pick<Registry, 'file' | 'text' | 'sources'>;

/** The pins of a registry. `WHISPER_SUBSTITUTERS` overrides the binary caches of its lock file, also where it is empty. */
export function openPins(host: Host, registry: Declaring): Pins {
  const locked = openLockFile(registry.file);
  const given = host.environment['WHISPER_SUBSTITUTERS']?.split(/\s+/).filter((address) => address !== '');
  const custom = openCustom(host);
  const declared = declaredSources(registry.sources, registry);
  const sources = declared.map(entryOfSource);
  return {
    catalogue: loadCatalogue({ custom: custom?.entries ?? [], sources, locked: locked?.entries ?? [] }),
    substituters: given
      ? readSubstituters(given, (path) => resolve(host.cwd, path))
      : readSubstituters(locked?.substituters ?? [], (path) => resolve(locked?.folder ?? '', path)),
    conflicts: async () => (declared.length === 0 ? [] : conflictsOf(registry, declared, locked, custom)),
  };
}

// Loaded for these only: most registries declare no sources.
async function conflictsOf(
  registry: Declaring,
  sources: readonly ModelSource[],
  lock: LockFile | undefined,
  custom: Custom | undefined,
): Promise<readonly WhisperError[]> {
  const { findConflicts } = await import('../../core/registry/sources/conflicts.ts');
  const files = new Set(custom?.entries.map(({ file }) => file));
  return findConflicts(registry, sources, {
    catalogue: loadCatalogue({ custom: custom?.entries ?? [] }),
    custom: custom && { path: custom.path, files },
    lock,
  });
}

/** The pins of models: the catalogue, overridden by `WHISPER_CATALOG`. */
export function openCatalogue(host: Host): Catalogue {
  return loadCatalogue({ custom: openCustom(host)?.entries ?? [] });
}

/** The same, overridden by the sources and the lock file of a registry. Throws where they contradict each other. */
export async function openPinned(host: Host, registry: Declaring): Promise<Catalogue> {
  const { catalogue, conflicts } = openPins(host, registry);
  const [conflict] = await conflicts();
  if (conflict) throw conflict;
  return catalogue;
}

interface Custom {
  readonly path: string;
  readonly entries: readonly CatalogueEntry[];
}

function openCustom({ environment, cwd }: Host): Custom | undefined {
  const path = environment['WHISPER_CATALOG'] || undefined;
  if (path === undefined) return undefined;
  const bytes = readSmallFile(resolve(cwd, path), (reason, cause) => unreadableCatalogue(path, reason, cause));
  if (!bytes) throw unreadableCatalogue(path, 'ENOENT');
  return { path, entries: parseCatalogue(path, bytes.toString()) };
}

function openLockFile(registry: string): LockFile | undefined {
  const { path, text } = findLockFile(registry);
  if (text === undefined) return undefined;
  const content = readLockFile(path, text);
  const { entries } = content;
  return { path, text, folder: dirname(path), entries, substituters: readLockSubstituters(path, content) };
}

interface LockFile {
  readonly path: string;
  readonly text: string;
  readonly folder: string;
  readonly entries: readonly CatalogueEntry[];
  readonly substituters: readonly string[];
}
