import type { BigIntStats } from 'node:fs';
import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { identifyFile, isSameFile, isUnchanged } from '../../adapters/fs/identity.ts';
import type { Transferred } from '../../adapters/hub/transfer.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import { addKnownFolder } from '../../adapters/store/known-folders.ts';
import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import { asPinned, type CatalogueEntry, type PinnedEntry, type Pinner } from '../../core/catalogue/entries.ts';
import { movedAside } from '../../core/messages/notices.ts';
import type { Context } from '../session/context.ts';
import { listChange, type Session } from '../session/session.ts';
import { updateLockfile } from './lockfile.ts';
import { occupied } from './preflight.ts';

/** A file that is to be replaced, as it was before; `setAside`: it is kept under another name. */
export interface Replaced {
  readonly file: BigIntStats;
  readonly setAside: boolean;
}

export function filesToReplace(modelsDir: ModelsDir, names: readonly string[]): ReadonlyMap<string, Replaced> {
  return new Map(
    names.flatMap((name) => {
      const file = modelsDir.identify(name);
      return file ? [[name, { file, setAside: false }] as const] : [];
    }),
  );
}

/** Where a model is registered: the session, and all models that were asked for; `undefined`: it is not registered. */
export interface Registration {
  readonly session: Session;
  readonly wanted: readonly string[] | undefined;
}

/**
 * Registers a complete, verified partial file and gives it its name; returns its path and whether the list has changed. To be
 * called under the lock of the models directory. `url`: where the bytes came from. Throws `disk-failure` (exit 6) where another file than the one that is
 * `replaced` has the name.
 */
export async function publish(
  context: Context,
  registration: Registration,
  { entry, url }: { readonly entry: PinnedEntry; readonly url: string },
  replaced: Replaced | undefined,
): Promise<{ readonly path: string; readonly isRegistered: boolean }> {
  const { modelsDir } = registration.session;
  const { file: name } = entry;
  // The user may have removed it from the list during a watch session.
  context.host.signal.throwIfAborted();
  // Usually this is known before anything is registered.
  const now = replaced && modelsDir.identify(name);
  if (now ? !isUnchanged(replaced.file, now) : modelsDir.isOccupied(name)) throw occupied(modelsDir, name);
  modelsDir.requirePartial(name);
  if (now && replaced.setAside) context.reporter.notice(movedAside(name, modelsDir.setAside(name)));
  const isRegistered = await register(context, registration, name, entry);
  faultPoint('publish: registered');
  if (!(await modelsDir.publish(entry, url, replaced?.file))) throw occupied(modelsDir, name);
  return { path: modelsDir.modelPath(name), isRegistered };
}

/**
 * Adds a model to the list and pins it in the lock file, where that is asked for; returns whether the list has changed.
 * `verified`: what its bytes were found to be, where this process has brought them.
 */
export async function register(
  context: Context,
  { session, wanted }: Registration,
  name: string,
  verified?: CatalogueEntry,
): Promise<boolean> {
  await addKnownFolder(context.host.environment, session.modelsDir.path);
  if (!wanted) return false;
  const change = listChange(session, { kind: 'add', names: [name] }, verified);
  const { entries } = await writeChange(session.read, change);
  const pin = asPinned(verified);
  await updateLockfile(context, session, { wanted, verified: pin ? [pin] : [] });
  return entries.some(({ how }) => how !== 'present');
}

/** Removes the partial file that a killed process left of a published model. */
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
  /** Bytes that were received over the network. */
  readonly received: number;
  readonly connections: number;
  /** Where the hash was known from; `undefined`: only from the bytes as they arrived. */
  readonly verifiedBy: Pinner | 'catalogue' | undefined;
  readonly adoptedFrom?: string;
  readonly cache?: string;
}

/** A model that is complete and verified in its partial file, ready to be published. */
export type Arrived = Transferred & Pick<Downloaded, 'verifiedBy' | 'adoptedFrom' | 'cache'>;
