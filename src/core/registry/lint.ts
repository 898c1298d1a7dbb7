import { WhisperError } from '../errors.ts';
import type { Catalogue } from '../models/catalogue.ts';
import { isModelFile, printable } from '../models/name.ts';
import { explainName } from '../models/real-name.ts';
import { placeOf, positionAt } from './diagnostic.ts';
import { activeEntries, type ActiveEntry, type Registry } from './registry.ts';

/** Something about an entry that is probably not meant so. Line and column from 1; the column counts characters. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** An error is what `prune` or `sync` would refuse. */
  readonly severity: 'error' | 'warning';
  readonly code: 'bad-name' | 'renamed-model' | 'unreal-model' | 'unknown-model' | 'repeated';
  readonly message: string;
  /** What to write in its place; `null`: nobody knows, or the entry is to go. */
  readonly suggestion: string | null;
}

/** A diagnostic with what could be done about it. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly entry: ActiveEntry;
  /** What is certainly meant: another name, or no second entry; `undefined` where a person has to decide. */
  readonly fix: { readonly kind: 'rename'; readonly to: string } | { readonly kind: 'drop' } | undefined;
}

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
    'Entries are file names like "ggml-base.en-q5_1.bin". Mend the line (whisper check --fix does where it can); until then nothing is removed.',
    { place: placeOf(registry.file, registry.text, bad), details: { name: bad.name } },
  );
}

/** Looks at each entry: is it a model's name, is it known or at least on the disk, is it there twice? In order, one by one. */
export function* lint(registry: Registry, catalogue: Catalogue, onDisk: ReadonlySet<string>): Generator<Finding> {
  const firsts = new Map<string, ActiveEntry>();
  const { file, text } = registry;
  for (const entry of activeEntries(registry)) {
    const { name } = entry;
    const place = (): { file: string; line: number; column: number } => ({ file, ...positionAt(text, entry.start) });
    const first = firsts.get(name);
    firsts.set(name, first ?? entry);
    if (first) {
      const where = first.line === null ? '' : `, on line ${first.line}`;
      const message = `${printable(name)} is listed already${where}`;
      const diagnostic = { ...place(), severity: 'warning', code: 'repeated', message, suggestion: null } as const;
      yield { diagnostic, entry, fix: { kind: 'drop' } };
    } else if (!isModelFile(name) || (!catalogue.has(name) && !onDisk.has(name))) {
      const { code, message, suggestion, isSure } = explainName(name, catalogue);
      const advice = suggestion === undefined ? '' : `; did you mean "${suggestion}"?`;
      const diagnostic = { ...place(), severity: 'error', code, message: message + advice } as const;
      const fix = isSure && suggestion !== undefined ? ({ kind: 'rename', to: suggestion } as const) : undefined;
      yield { diagnostic: { ...diagnostic, suggestion: suggestion ?? null }, entry, fix };
    }
  }
}

// More than anybody reads; and looking for the nearest name takes its time.
const MAX_SENTENCES = 20;

/** Sentences about entries that are probably not meant so. */
export function lintNames(registry: Registry, catalogue: Catalogue, onDisk: ReadonlySet<string>): readonly string[] {
  const sentences: string[] = [];
  for (const { diagnostic } of lint(registry, catalogue, onDisk)) {
    if (sentences.length === MAX_SENTENCES) return [...sentences, `${registry.file}: and more of the kind`];
    sentences.push(`${diagnostic.file}:${diagnostic.line}: ${diagnostic.message}`);
  }
  return sentences;
}
