import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { suggest } from '../../core/catalogue/catalogue.ts';
import { shortName } from '../../core/catalogue/names.ts';
import type { WhisperError } from '../../core/errors.ts';
import { notEnoughSpace, notEnoughSpaceForFile } from '../../core/messages/disk.ts';
import { unknownListedModel } from '../../core/messages/edits.ts';
import { conflictingFile, pathOccupied } from '../../core/messages/models.ts';
import { shortfallOf } from '../../core/plan/outcome.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { placeOf } from '../../core/registry/diagnostic.ts';
import type { Session } from '../session/session.ts';

/** What the hub says of entries that nothing pins may be more than fits: known before a byte is fetched. */
export function requireRoom(
  modelsDir: ModelsDir,
  before: readonly CatalogueEntry[],
  after: readonly CatalogueEntry[],
): void {
  const sizes = after.map(({ size = 0 }, index) => (before[index]?.size === undefined ? size : 0));
  const needed = sizes.reduce((sum, size) => sum + size, 0);
  const free = modelsDir.freeSpace();
  if (needed > free) throw notEnoughSpaceForFile(modelsDir.path, needed, free);
}

/** The error where something that whisper did not put there has the name of a model. */
export function occupied(modelsDir: ModelsDir, name: string): WhisperError {
  return pathOccupied(name, modelsDir.modelPath(name));
}

/** Throws where something wanted is unknown, or cannot be fetched because of what has its name, or published at all. */
export function requireFetchable(
  { registry, active, catalogue, modelsDir }: Session,
  { unknown, blocked, fetch, adopt }: Plan,
): void {
  // What is there and is no file, or a link that leads nowhere, is not in the plan.
  const hidden = [...adopt, ...fetch].find(
    ({ entry }) => modelsDir.isOccupied(entry.file) && !modelsDir.has(entry.file, undefined),
  );
  if (hidden) throw occupied(modelsDir, hidden.entry.file);
  if (adopt.length + fetch.length > 0) modelsDir.requireWritable();
  const entry = active.find(({ name }) => unknown.includes(name));
  if (entry)
    throw unknownListedModel(entry.name, suggest(entry.name, catalogue), placeOf(registry.file, registry.text, entry));
  const [file] = blocked;
  if (file) throw conflictingFile(file, catalogue.get(file.name)?.pinnedBy ?? 'catalogue');
}

/** Throws `no-space` (exit 6) where what is to be fetched does not fit, even after pruning. */
export function requireSpace({ modelsDir }: Session, plan: Plan): void {
  if (shortfallOf(plan) === 0) return;
  const { needed, freed, free, unmanaged, kept } = plan;
  const others = [...unmanaged.map(({ name }) => name), ...kept];
  throw notEnoughSpace(modelsDir.path, { needed, free, freed }, others.map(shortName));
}
