import type { ModelsDir } from '../adapters/models-dir.ts';
import { WhisperError } from '../core/errors.ts';
import { suggest, type CatalogueEntry } from '../core/models/catalogue.ts';
import { shortName } from '../core/models/name.ts';
import type { Plan } from '../core/models/plan.ts';
import { placeOf } from '../core/registry/diagnostic.ts';
import type { Session } from './session.ts';

/** The error where a model has to be fetched and must not. */
export function offline(name: string): WhisperError {
  return new WhisperError(
    'hub-offline',
    `${shortName(name)} is not here, and HF_HUB_OFFLINE forbids to fetch it`,
    'Unset HF_HUB_OFFLINE to fetch it.',
    { details: { file: name } },
  );
}

/** What the hub says of entries that nothing pins may be more than fits: known before a byte is fetched. */
export function requireRoom(
  modelsDir: ModelsDir,
  before: readonly CatalogueEntry[],
  after: readonly CatalogueEntry[],
): void {
  const sizes = after.map(({ size = 0 }, index) => (before[index]?.size === undefined ? size : 0));
  const needed = sizes.reduce((sum, size) => sum + size, 0);
  const free = modelsDir.freeSpace();
  if (needed <= free) return;
  throw new WhisperError(
    'no-space',
    `${needed} bytes are needed in ${modelsDir.path}, and ${free} are free: nothing was fetched`,
    'Free some space, or name another folder with --models-dir.',
    { details: { needed, free } },
  );
}

/** The error where something that whisper did not put there has the name of a model. */
export function occupied(modelsDir: ModelsDir, name: string): WhisperError {
  const path = modelsDir.modelPath(name);
  return new WhisperError(
    'disk-failure',
    `${path} is in the way and was left alone`,
    'Move it away, then run the same command again.',
    {
      details: { file: name, path },
    },
  );
}

/** Throws where something wanted is unknown, or cannot be fetched because of what has its name. */
export function requireFetchable(
  { registry, active, catalogue, modelsDir }: Session,
  { unknown, blocked, fetch, adopt }: Plan,
): void {
  // What is there and is no file, or a link that leads nowhere, is not in the plan.
  const hidden = [...adopt, ...fetch].find(
    ({ entry }) => modelsDir.isOccupied(entry.file) && !modelsDir.has(entry.file, undefined),
  );
  if (hidden) throw occupied(modelsDir, hidden.entry.file);
  const entry = active.find(({ name }) => unknown.includes(name));
  if (entry) {
    const suggestions = suggest(entry.name, catalogue);
    const hint =
      suggestions.length > 0
        ? `Did you mean ${suggestions.join(', ')}?`
        : 'Correct the line, or put the file into the models directory yourself.';
    throw new WhisperError(
      'registry-unknown-model',
      `${entry.name} is not in the catalogue and not on the disk`,
      hint,
      {
        place: placeOf(registry.file, registry.text, entry),
        details: { name: entry.name, suggestions },
      },
    );
  }
  const [file] = blocked;
  if (!file) return;
  const { name, size, expected, isOwn } = file;
  const pinnedBy = catalogue.get(name)?.pinnedBy ?? 'catalogue';
  const other =
    size === expected
      ? `with other bytes than the ${pinnedBy} pins`
      : `with ${size} bytes where the ${pinnedBy} has ${expected}`;
  throw new WhisperError(
    'wrong-bytes',
    `${name} is there already, ${other}; ${isOwn ? 'whisper fetched it before that pin' : 'it may be your own, so it was left alone'}`,
    isOwn
      ? 'whisper verify --repair fetches what is pinned.'
      : `To replace it: whisper download --force ${shortName(name)}`,
    { details: { file: name, expected: { size: expected }, actual: { size } } },
  );
}

/** Throws `no-space` (exit 6) where what is to be fetched does not fit, even after pruning. */
export function requireSpace({ modelsDir }: Session, { needed, freed, free, reserve, unmanaged, kept }: Plan): void {
  const undone = reserve.reduce((sum, { size }) => sum + size, 0);
  if (needed <= free + freed + undone) return;
  const others = [...unmanaged.map(({ name }) => name), ...kept];
  const hint =
    others.length > 0
      ? `These take space there: ${others.map(shortName).join(', ')}.`
      : 'Free some space, or name another folder with --models-dir.';
  throw new WhisperError(
    'no-space',
    `${needed} bytes are needed in ${modelsDir.path}, and ${free + freed} are free${freed > 0 ? ' after pruning' : ''}: nothing was fetched`,
    hint,
    { details: { needed, free, freed } },
  );
}
