import type { BigIntStats } from 'node:fs';
import { faultPoint } from '../adapters/fault-points.ts';
import type { ModelsDir } from '../adapters/models-dir.ts';
import { identifyFile, isSameFile, isUnchanged } from '../adapters/file-identity.ts';
import type { CatalogueEntry } from '../core/models/catalogue.ts';
import { occupied } from './refusals.ts';

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
