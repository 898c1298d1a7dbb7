import type { BigIntStats } from 'node:fs';
import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { identifyFile, isSameFile, isUnchanged } from '../../adapters/fs/identity.ts';
import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { occupied } from './preflight.ts';
import type { Transferred } from '../../adapters/hub/transfer.ts';

/**
 * What is done right before a file gets its name, under the lock of the models directory: writing the registry. `verified` is
 * what its bytes were found to be, where this process has brought them.
 */
export type BeforePublish = (name: string, verified?: CatalogueEntry) => Promise<void>;

/** Files that are to be replaced, as they were before anything was fetched. */
export type Replaced = ReadonlyMap<string, BigIntStats>;

/** Which files have these names now. */
export function identifyAll(modelsDir: ModelsDir, names: readonly string[]): Replaced {
  return new Map(
    names.flatMap((name) => {
      const found = modelsDir.identify(name);
      return found ? [[name, found] as const] : [];
    }),
  );
}

/**
 * Registers a complete, verified partial file and gives it its name; returns its path. To be called under the lock of the
 * models directory. Throws `disk-failure` (exit 6) where another file than the one that is `replaced` has the name.
 */
export async function publish(
  modelsDir: ModelsDir,
  record: Parameters<ModelsDir['publish']>[1],
  replaced: BigIntStats | undefined,
  beforePublish: BeforePublish,
): Promise<string> {
  const { file: name, repo, revision, size, sha256 } = record;
  // Mostly this is known before anything is registered.
  const now = replaced && modelsDir.identify(name);
  if (now ? !isUnchanged(replaced, now) : modelsDir.isOccupied(name)) throw occupied(modelsDir, name);
  modelsDir.requirePartial(name);
  await beforePublish(name, { file: name, repo, revision, size, sha256 });
  faultPoint('publish: registered');
  if (!(await modelsDir.publish(name, record, replaced))) throw occupied(modelsDir, name);
  return modelsDir.modelPath(name);
}

/** Removes the partial file of a published model that a process left when it ended before it could do so. */
export function removePublishedPartial(modelsDir: ModelsDir, name: string): void {
  const [partial, model] = [identifyFile(modelsDir.partialPath(name)), modelsDir.identify(name)];
  if (partial && model && isSameFile(partial, model)) modelsDir.removePartial(name);
}

export interface Downloaded {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly seconds: number;
  /** Bytes that came over the network. */
  readonly received: number;
  /** The most connections that there were at a time. */
  readonly connections: number;
  /** What the hash was known from; `undefined`: from these very bytes only. */
  readonly verifiedBy: 'lock file' | 'catalogue' | 'hub' | undefined;
  /** The file of this machine that the bytes are from, where they were not fetched. */
  readonly adoptedFrom?: string;
  /** The binary cache that the bytes are from, where they are not from the hub. */
  readonly cache?: string;
}

/** A model that is complete and verified in its partial file, ready to be published. */
export type Arrived = Transferred & Pick<Downloaded, 'verifiedBy' | 'adoptedFrom' | 'cache'>;
