import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { asPinned, type PinnedEntry, type CatalogueEntry } from '../../core/catalogue/entries.ts';
import { toSri } from '../../core/catalogue/sha256-forms.ts';
import { describeOrigin, isFixed, originOf } from '../../core/catalogue/origin.ts';
import { isShortName, modelNames, shortName } from '../../core/catalogue/names.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { count } from '../../core/quantity.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { pinnedIn, type Rewritten, rewriteLockfile } from '../apply/lockfile.ts';
import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import { knownPin } from '../../core/lockfile/lockfile.ts';
import { updateLock } from '../../core/lockfile/update.ts';
import { unpinnableModel } from '../../core/messages/edits.ts';
import { hashUnknown } from '../../core/messages/transfer/hub.ts';
import { webHashUnknown } from '../../core/messages/transfer/web.ts';
import { pinWhileOffline } from '../../core/messages/models.ts';
import type { ModelFile } from '../../core/plan/plan.ts';
import { placeOf } from '../../core/registry/diagnostic.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { activeEntries, type ActiveEntry, type Registry, withModelNames } from '../../core/registry/registry.ts';
import { HubLink } from '../apply/hub-link.ts';
import { openPinned } from '../session/pins.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openOwnRegistry, openSession, ownRegistry, type Session } from '../session/session.ts';

export const run: Run = async (context, { options }) => {
  const result = await lock(context, commonOptions(options));
  const { file, added, removed, kept, pins } = result;
  const models = pins.map((pin) => {
    return { file: pin.file, ...originOf(pin), size: pin.size, sha256: toSri(pin.sha256) };
  });
  return {
    json: { file, added, removed, kept, models },
    text: renderLock(result, context.display, options.quiet === true),
    exitCode: EXIT.done,
  };
};

function renderLock(
  { file, added, removed, pins, isWritten }: Rewritten,
  { style, columns, path }: Display,
  quiet: boolean,
): string {
  const lines = [
    ...added.map((name) => `${style('green', 'locked')} ${shortName(name)}`),
    ...removed.map((name) => `${style('red', 'unlocked')} ${shortName(name)}: it is no longer active`),
  ];
  if (!quiet)
    lines.push(
      isWritten ? `${path(file)} pins ${count(pins.length, 'model')}: commit it` : `${path(file)} is up to date`,
    );
  return hangingText(lines, columns);
}

/** Pins the active models in the lock file beside the registry. Existing pins stay. */
export async function lock(context: Context, options: CommonOptions): Promise<Rewritten> {
  return rewriteLockfile(context, ownRegistry(context, options).read.file, async (found) => {
    // Read after the lock file: a download writes the list first, so no entry of a new model is removed.
    const registry = await openNamed(context, options);
    requireModelNames(registry);
    const active = activeEntries(registry);
    const locked = pinnedIn(found);
    const unlocked = active.filter(({ name }) => !locked.has(name));
    const known = await findPins(context, options, { registry, unlocked });
    return updateLock(found.path, found.text, { models: new Set(active.map(({ name }) => name)), known });
  });
}

/** The list with its names. The models directory is read only for short names that neither lock file nor catalogue has. */
async function openNamed(context: Context, options: CommonOptions): Promise<Registry> {
  const { registry: found } = await openOwnRegistry(context, options);
  const catalogue = await openPinned(context.host, found);
  const registry = withModelNames(
    found,
    modelNames((file) => catalogue.has(file)),
  );
  const isComplete = registry.entries.every(({ name }) => !isShortName(name));
  return isComplete ? registry : (await openSession(context, options)).registry;
}

interface Unlocked extends Pick<Session, 'registry'> {
  readonly unlocked: readonly ActiveEntry[];
}

/** What each of them is pinned to, by file name. Throws where one cannot be pinned. */
async function findPins(
  context: Context,
  options: CommonOptions,
  { registry, unlocked }: Unlocked,
): Promise<ReadonlyMap<string, PinnedEntry>> {
  const catalogue = await openPinned(context.host, registry);
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

async function filesOnDisk(
  context: Context,
  options: CommonOptions,
  catalogue: Catalogue,
  unlocked: readonly ActiveEntry[],
): Promise<ReadonlyMap<string, ModelFile>> {
  const isPlain = ({ name }: ActiveEntry): boolean => {
    const pin = asPinned(catalogue.get(name));
    return pin !== undefined && isFixed(pin);
  };
  if (unlocked.every(isPlain)) return new Map();
  try {
    const { modelsDir } = await openSession(context, options);
    return new Map((await modelsDir.scan()).files.map((file) => [file.name, file]));
  } catch (error) {
    // The folder need not be known if the catalogue or the hub has the pin.
    if (!(error instanceof WhisperError) || unlocked.some(({ name }) => !catalogue.has(name))) throw error;
    return new Map();
  }
}

/** The pins that the hub has for models that are known only by name and repository. */
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
  if (!pin && entry.url !== undefined) throw webHashUnknown(entry.file, entry.url);
  if (!pin) throw hashUnknown(entry.file, describeOrigin(entry));
  return pin;
}
