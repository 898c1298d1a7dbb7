import { findLockFile, type LockFile, writeLockFile } from '../../adapters/registry/lockfile.ts';
import { TRIES } from '../../adapters/registry/text-file.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import { asPinned, isCommit, type PinnedEntry, type CatalogueEntry } from '../../core/catalogue/entries.ts';
import { WhisperError } from '../../core/errors.ts';
import { knownPin, readLockFile } from '../../core/lockfile/lockfile.ts';
import { type LockUpdate, updateLock } from '../../core/lockfile/update.ts';
import { savedDuringEdit } from '../../core/messages/busy.ts';
import { unpinnableModel } from '../../core/messages/edits.ts';
import { hashUnknown } from '../../core/messages/hub.ts';
import { pinWhileOffline } from '../../core/messages/models.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { placeOf } from '../../core/registry/diagnostic.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { activeEntries, type ActiveEntry } from '../../core/registry/registry.ts';
import { HubLink } from '../apply/hub-link.ts';
import { openCatalogue } from '../session/pins.ts';
import {
  type CommonOptions,
  type Context,
  openOwnRegistry,
  openSession,
  ownRegistry,
  type Session,
} from '../session/session.ts';

export interface LockResult extends LockUpdate {
  /** The lock file, absolute. */
  readonly file: string;
  /** Whether it is another one now. */
  readonly isWritten: boolean;
}

/** Pins what is active in the lock file beside the registry. What is pinned there already stays so. */
export async function lock(context: Context, options: CommonOptions): Promise<LockResult> {
  for (let attempt = 1; ; attempt += 1) {
    // Before the list: a download writes that first, so nothing is taken out that was registered since.
    const found = findLockFile(ownRegistry(context, options).read.file);
    const { registry } = await openOwnRegistry(context, options);
    requireModelNames(registry);
    const active = activeEntries(registry);
    const locked = lockedIn(found);
    const unlocked = active.filter(({ name }) => !locked.has(name));
    const known = await findPins(context, options, { registry, unlocked });
    const update = updateLock(found.path, found.text, { models: new Set(active.map(({ name }) => name)), known });
    const isWritten = update.text !== found.text;
    if (!isWritten || (await writeLockFile(found, update.text))) return { ...update, file: found.path, isWritten };
    if (attempt === TRIES) throw savedDuringEdit(found.path);
    context.nix.forget();
  }
}

function lockedIn({ path, text }: LockFile): ReadonlySet<string> {
  return new Set(text === undefined ? [] : readLockFile(path, text).entries.map(({ file }) => file));
}

/** Entries of a list that nothing is locked for yet. */
interface Unlocked extends Pick<Session, 'registry'> {
  readonly unlocked: readonly ActiveEntry[];
}

/** What each of them is pinned to, by file name. Throws where one cannot be pinned. */
async function findPins(
  context: Context,
  options: CommonOptions,
  { registry, unlocked }: Unlocked,
): Promise<ReadonlyMap<string, PinnedEntry>> {
  const catalogue = openCatalogue(context.host, registry.file);
  const files = await filesOnDisk(context, options, catalogue, unlocked);
  const known = new Map<string, PinnedEntry>();
  const unknown: CatalogueEntry[] = [];
  for (const active of unlocked) {
    const entry = catalogue.get(active.name);
    const pin = knownPin(entry, files.get(active.name));
    if (!pin && !entry) throw unpinnableModel(active.name, placeOf(registry.file, registry.text, active));
    if (pin) known.set(active.name, pin);
    else if (entry) unknown.push(entry);
  }
  for (const pin of await askHub(context, unknown)) known.set(pin.file, pin);
  return known;
}

/** The files that records may be about, where the catalogue does not say everything. */
async function filesOnDisk(
  context: Context,
  options: CommonOptions,
  catalogue: Catalogue,
  unlocked: readonly ActiveEntry[],
): Promise<ReadonlyMap<string, ModelFile>> {
  const isPlain = ({ name }: ActiveEntry): boolean => {
    const pin = asPinned(catalogue.get(name));
    return pin !== undefined && isCommit(pin.revision);
  };
  if (unlocked.every(isPlain)) return new Map();
  try {
    const { modelsDir } = await openSession(context, options);
    return new Map((await modelsDir.scan()).files.map((file) => [file.name, file]));
  } catch (error) {
    // Which folder is meant need not be known where the catalogue or the hub can tell.
    if (!(error instanceof WhisperError) || unlocked.some(({ name }) => !catalogue.has(name))) throw error;
    return new Map();
  }
}

/** What the hub says of models that are known by name and repository alone. */
async function askHub(context: Context, entries: readonly CatalogueEntry[]): Promise<readonly PinnedEntry[]> {
  const [first] = entries;
  if (!first) return [];
  const link = new HubLink(context, {});
  try {
    if (link.isOffline) throw pinWhileOffline(first.file);
    return (await link.pin(entries)).map(requirePin);
  } finally {
    await link.close();
  }
}

function requirePin(entry: CatalogueEntry): PinnedEntry {
  const pin = asPinned(entry);
  if (!pin) throw hashUnknown(entry.file, entry.repo, entry.revision);
  return pin;
}
