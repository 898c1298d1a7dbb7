import type { ModelsDir } from '../adapters/models-dir.ts';
import { WhisperError } from '../core/errors.ts';
import type { CatalogueEntry } from '../core/models/catalogue.ts';
import { shortName } from '../core/models/name.ts';

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
