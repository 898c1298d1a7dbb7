import { dirname, resolve } from 'node:path';
import { readSmallFile } from '../../adapters/fs/read.ts';
import type { Host } from '../../adapters/process/host.ts';
import { findLockFile } from '../../adapters/registry/lockfile.ts';
import { readSubstituters, type Substituters } from '../../core/binary-cache/substituters.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { type Catalogue, loadCatalogue } from '../../core/catalogue/catalogue.ts';
import { readLockFile, readLockSubstituters } from '../../core/lockfile/lockfile.ts';
import { unreadableCatalogue } from '../../core/messages/environment.ts';

/** What pins the bytes of models, and the caches that are asked for them before the hub. */
export interface Pins {
  readonly catalogue: Catalogue;
  readonly substituters: Substituters;
}

/** The pins of a registry. `WHISPER_SUBSTITUTERS` overrides the binary caches of its lock file, also where it is empty. */
export function openPins(host: Host, registry: string): Pins {
  const locked = openLockFile(registry);
  const given = host.environment['WHISPER_SUBSTITUTERS']?.split(/\s+/).filter((address) => address !== '');
  return {
    catalogue: withCustom(host, locked?.entries ?? []),
    substituters: given
      ? readSubstituters(given, (path) => resolve(host.cwd, path))
      : readSubstituters(locked?.substituters ?? [], (path) => resolve(locked?.folder ?? '', path)),
  };
}

/** The pins of models: the catalogue, overridden by `WHISPER_CATALOG`, both overridden by the lock file of a registry. */
export function openCatalogue(host: Host, registry?: string): Catalogue {
  return registry === undefined ? withCustom(host, []) : openPins(host, registry).catalogue;
}

function withCustom({ environment, cwd }: Host, locked: readonly CatalogueEntry[]): Catalogue {
  const path = environment['WHISPER_CATALOG'] || undefined;
  if (path === undefined) return loadCatalogue(undefined, locked);
  const bytes = readSmallFile(resolve(cwd, path), (reason, cause) => unreadableCatalogue(path, reason, cause));
  if (!bytes) throw unreadableCatalogue(path, 'ENOENT');
  return loadCatalogue({ path, text: bytes.toString() }, locked);
}

function openLockFile(registry: string): LockFile | undefined {
  const { path, text } = findLockFile(registry);
  if (text === undefined) return undefined;
  const content = readLockFile(path, text);
  return { folder: dirname(path), entries: content.entries, substituters: readLockSubstituters(path, content) };
}

interface LockFile {
  readonly folder: string;
  readonly entries: readonly CatalogueEntry[];
  readonly substituters: readonly string[];
}
