import { findLockFile, type LockFile, requireWritable, writeLockFile } from '../../adapters/registry/lockfile.ts';
import { openRegistry } from '../../adapters/registry/open-registry.ts';
import { TRIES } from '../../adapters/registry/text-file.ts';
import { asPinned, type CatalogueEntry, type PinnedEntry } from '../../core/catalogue/entries.ts';
import { isFixed } from '../../core/catalogue/origin.ts';
import { isModelFile, modelNames, type NameOf } from '../../core/catalogue/names.ts';
import { knownPin, readLockFile } from '../../core/lockfile/lockfile.ts';
import { type LockUpdate, updateLock } from '../../core/lockfile/update.ts';
import { savedDuringEdit } from '../../core/messages/busy.ts';
import { type Registry, withModelNames } from '../../core/registry/registry.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

interface Arrival {
  /** The models that are asked for: their entries stay while they are not in the list yet. */
  readonly wanted: readonly string[];
  /** What was verified just now. */
  readonly verified: readonly PinnedEntry[];
}

export interface Rewritten extends LockUpdate {
  /** The lock file, absolute. */
  readonly file: string;
  readonly isWritten: boolean;
}

/**
 * The one writer of lock files: writes the update that `update` makes of the text, and makes it again where another process
 * has saved the file in between. `undefined`: `update` returned no update. Throws `busy` (exit 7) after several attempts.
 */
export async function rewriteLockfile<U extends LockUpdate | undefined>(
  context: Context,
  registry: string,
  update: (found: LockFile) => Promise<U>,
): Promise<Rewritten | Extract<U, undefined>> {
  for (let attempt = 1; ; attempt += 1) {
    const found = findLockFile(registry);
    const updated = await update(found);
    if (!updated) return updated as Extract<U, undefined>;
    const isWritten = updated.text !== found.text;
    if (!isWritten || (await writeLockFile(found, updated.text))) return { ...updated, file: found.path, isWritten };
    if (attempt === TRIES) throw savedDuringEdit(found.path);
    context.nix.forget();
  }
}

/**
 * Updates the lock file to what the list says now, as far as that is known without the network. A missing lock file stays
 * missing. To be called under the lock of the models directory, after the list was written.
 */
export async function updateLockfile(context: Context, session: Session, arrival: Arrival): Promise<void> {
  const rewritten = await rewriteLockfile(context, session.registry.file, async (found) => {
    if (found.text === undefined) return undefined;
    // Another process may have added a model since the session began.
    context.nix.forget();
    const registry = await openRegistry({ ...session.open, wantsModelsDir: false });
    // It may know more models than the session did, by pins that were written since.
    const names = namesIn(withModelNames(withModelNames(registry, session.nameOf), pinnedNames(found)));
    return updateFor(session, found, names, arrival);
  });
  if (!rewritten?.isWritten) return;
  const { file, added, removed } = rewritten;
  context.reporter.log('info', 'lock file written', { file, added, removed });
}

/**
 * Throws, before anything is fetched, where the lock file would have to be written and cannot be. `coming`: entries that will
 * be fetched or adopted.
 */
export async function requireLockfileWritable(
  session: Session,
  wanted: readonly string[],
  coming: readonly CatalogueEntry[],
): Promise<void> {
  const found = findLockFile(session.registry.file);
  if (found.text === undefined) return;
  const verified = coming.flatMap((entry) => asPinned(entry) ?? []);
  const update = await updateFor(session, found, [...namesIn(session.registry), ...wanted], { wanted, verified });
  // The hub may name the commit of a branch, and the bytes of a model that nothing pins.
  const isOpen = coming.some((entry) => asPinned(entry) === undefined || !isFixed(entry));
  if (isOpen || update.text !== found.text) await requireWritable(found);
}

/** The meaning of short names whose models a lock file pins. */
function pinnedNames(found: LockFile): NameOf {
  const pinned = pinnedIn(found);
  return modelNames((file) => pinned.has(file));
}

/** The file names of the models that a lock file pins. */
export function pinnedIn({ path, text }: LockFile): ReadonlySet<string> {
  return new Set(text === undefined ? [] : readLockFile(path, text).entries.map(({ file }) => file));
}

function namesIn({ entries }: Registry): readonly string[] {
  return entries.map(({ name }) => name);
}

async function updateFor(
  { catalogue, modelsDir }: Session,
  { path, text }: LockFile,
  names: readonly string[],
  { wanted, verified }: Arrival,
): Promise<LockUpdate> {
  const active = new Set(names.filter(isModelFile));
  const models = new Set([...active, ...wanted]);
  const now = new Map(verified.filter(({ file }) => active.has(file)).map((pin) => [pin.file, pin]));
  const { lacking } = updateLock(path, text, { models, known: new Map(), verified: now });
  const files = lacking.length > 0 ? (await modelsDir.scan()).files : [];
  const known = lacking.flatMap((name) => {
    const file = files.find((each) => each.name === name);
    return (active.has(name) && knownPin(catalogue.get(name), file)) || [];
  });
  return updateLock(path, text, { models, known: new Map(known.map((pin) => [pin.file, pin])), verified: now });
}
