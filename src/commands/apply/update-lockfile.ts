import { findLockFile, type LockFile, requireWritable, writeLockFile } from '../../adapters/registry/lockfile.ts';
import { openRegistry } from '../../adapters/registry/open-registry.ts';
import { TRIES } from '../../adapters/registry/text-file.ts';
import { asPinned, isCommit, type PinnedEntry, type CatalogueEntry } from '../../core/catalogue/entries.ts';
import { isModelFile } from '../../core/catalogue/names.ts';
import { knownPin } from '../../core/lockfile/lockfile.ts';
import { type LockUpdate, updateLock } from '../../core/lockfile/update.ts';
import { savedDuringEdit } from '../../core/messages/busy.ts';
import type { Registry } from '../../core/registry/registry.ts';
import type { Context, Session } from '../session/session.ts';

/** What a download makes of the list: the lock file says the same afterwards, as far as that is known without the network. */
export interface Arrival {
  /** The models that are asked for; their entries stay while they are not in the list yet. */
  readonly wanted: readonly string[];
  /** What was verified just now. */
  readonly verified: readonly PinnedEntry[];
}

/**
 * Brings the lock file up to what the list says now. Where there is none, none is made. To be called under the lock of the
 * models directory, after the list was written.
 */
export async function updateLockfile(context: Context, session: Session, arrival: Arrival): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const found = findLockFile(session.registry.file);
    if (found.text === undefined) return;
    // Another process may have registered something since the session began.
    context.nix.forget();
    const registry = await openRegistry({ ...session.open, wantsModelsDir: false });
    const update = await updateFor(session, found, registry, arrival);
    if (update.text === found.text) return;
    if (await writeLockFile(found, update.text)) {
      const { added, removed } = update;
      context.reporter.log('info', 'lock file written', { file: found.path, added, removed });
      return;
    }
  }
  throw savedDuringEdit(findLockFile(session.registry.file).path);
}

/**
 * Refuses, before anything is fetched, where the lock file would have to be written and cannot be. `coming` are the entries
 * that will be fetched or adopted.
 */
export async function requireLockfileWritable(
  session: Session,
  wanted: readonly string[],
  coming: readonly CatalogueEntry[],
): Promise<void> {
  const found = findLockFile(session.registry.file);
  if (found.text === undefined) return;
  const verified = coming.flatMap((entry) => asPinned(entry) ?? []);
  const entries = [...session.registry.entries, ...wanted.map((value) => ({ value, span: undefined }))];
  const update = await updateFor(session, found, { entries }, { wanted, verified });
  // The hub may say which commit a branch is at, and what bytes a model has that nothing pins.
  const isOpen = coming.some((entry) => asPinned(entry) === undefined || !isCommit(entry.revision));
  if (isOpen || update.text !== found.text) await requireWritable(found);
}

async function updateFor(
  { catalogue, modelsDir }: Session,
  { path, text }: LockFile,
  { entries }: Pick<Registry, 'entries'>,
  { wanted, verified }: Arrival,
): Promise<LockUpdate> {
  const active = new Set(entries.map(({ value }) => value).filter(isModelFile));
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
