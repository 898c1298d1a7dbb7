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

// More than anybody reads; and looking for the nearest name takes its time.
const MAX_SENTENCES = 20;

/** Sentences about entries that are probably not meant so: not in the catalogue and not on the disk, or listed twice. */
export function lintNames(registry: Registry, catalogue: Catalogue, onDisk: ReadonlySet<string>): readonly string[] {
  const seen = new Map<string, number>();
  const sentences: string[] = [];
  for (const { name, line } of activeEntries(registry)) {
    const first = seen.get(name);
    seen.set(name, first ?? line);
    if (first === undefined && isModelFile(name) && (catalogue.has(name) || onDisk.has(name))) continue;
    if (sentences.length === MAX_SENTENCES) return [...sentences, `${registry.file}: and more of the kind`];
    sentences.push(`${registry.file}:${line}: ${printable(name)} ${complaint(name, first, catalogue)}`);
  }
  return sentences;
}

function complaint(name: string, first: number | undefined, catalogue: Catalogue): string {
  if (first !== undefined) return `is listed already, on line ${first}`;
  if (!isModelFile(name)) return 'is no model file name';
  const [suggestion] = suggest(name, catalogue);
  return `is not in the catalogue${suggestion === undefined ? '' : `; did you mean ${suggestion}?`}`;
}
