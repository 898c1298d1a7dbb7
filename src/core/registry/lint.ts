import { WhisperError } from '../errors.ts';
import { suggest, type Catalogue } from '../models/catalogue.ts';
import { isModelFile, printable } from '../models/name.ts';
import { placeOf } from './diagnostic.ts';
import { activeEntries, type Registry } from './registry.ts';

/**
 * Throws `registry-bad-name` (exit 3) at the first entry that is no model's file name. Such a list is not what its author
 * meant, so nothing may be removed on the strength of it.
 */
export function requireModelNames(registry: Registry): void {
  const bad = activeEntries(registry).find(({ name }) => !isModelFile(name));
  if (!bad) return;
  throw new WhisperError(
    'registry-bad-name',
    `${JSON.stringify(printable(bad.name))} is no model file name`,
    'Entries are file names like "ggml-base.en-q5_1.bin". Mend the line; until then nothing is removed.',
    { place: placeOf(registry.file, registry.text, bad), details: { name: bad.name } },
  );
}

/** Sentences about entries that are probably not meant so: not in the catalogue and not on the disk, or listed twice. */
export function lintNames(registry: Registry, catalogue: Catalogue, onDisk: ReadonlySet<string>): readonly string[] {
  const seen = new Map<string, number>();
  return activeEntries(registry).flatMap(({ name, line }) => {
    const first = seen.get(name);
    seen.set(name, first ?? line);
    const shown = `${registry.file}:${line}: ${printable(name)}`;
    if (first !== undefined) return [`${shown} is listed already, on line ${first}`];
    if (!isModelFile(name)) return [`${shown} is no model file name`];
    if (catalogue.has(name) || onDisk.has(name)) return [];
    const [suggestion] = suggest(name, catalogue);
    return [`${shown} is not in the catalogue${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`];
  });
}
