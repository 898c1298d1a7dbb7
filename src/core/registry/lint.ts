import { correctionAlreadyListed, withSuggestion, duplicateEntry } from '../messages/diagnostics.ts';
import { invalidEntry } from '../messages/edits.ts';
import { moreWarnings } from '../messages/notices.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isModelFile, isShortName, shortName } from '../catalogue/names.ts';
import { explainName, type NameProblem } from '../catalogue/name-problems.ts';
import { placeOf, Positions } from './diagnostic.ts';
import { activeEntries, type ActiveEntry, type Registry } from './registry.ts';

/** A probable mistake in an entry of a list or of its lock file. Line and column from 1; the column counts characters. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** An error is what `prune` or `sync` would refuse. */
  readonly severity: 'error' | 'warning';
  readonly code:
    | 'bad-name'
    | 'renamed-model'
    | 'unreal-model'
    | 'unknown-model'
    | 'repeated'
    | 'source-unlisted'
    | 'source-unpinned'
    | 'source-contradicts'
    | 'lock-missing'
    | 'lock-extra'
    | 'lock-contradicts-catalogue'
    | 'lock-other-bytes';
  readonly message: string;
  /** What to write instead, or for the lock file the command that fixes it; `null`: unknown, or the entry has to be removed. */
  readonly suggestion: string | null;
}

/** `first`: the entry with the same name, after its own fix. */
export type Fix =
  { readonly kind: 'rename'; readonly to: string } | { readonly kind: 'drop'; readonly first: ActiveEntry };

/** A diagnostic with what could be done about it. */
export interface Finding {
  readonly diagnostic: Diagnostic;
  readonly entry: ActiveEntry;
  /** The certain correction: another name, or no second entry; `undefined` where the user has to decide. */
  readonly fix: Fix | undefined;
}

/** Throws `registry-bad-name` (exit 3) at the first entry that does not name a model: nothing may be removed because of such a list. */
export function requireModelNames(registry: Registry): void {
  const bad = activeEntries(registry).find(({ name }) => !isModelFile(name));
  if (bad) throw invalidEntry(bad.value, placeOf(registry.file, registry.text, bad));
}

// More would not be read, and finding the nearest name is slow.
const MAX_SENTENCES = 20;
const MAX_COMPARISONS = 50_000;

/** Checks each entry in order: its name, whether the model is known or on the disk, and whether it is repeated. */
export function* lint(registry: Registry, catalogue: Catalogue, onDisk: ReadonlySet<string>): Generator<Finding> {
  const firsts = new Map<string, ActiveEntry>();
  const positions = new Positions(registry.text);
  const entries = activeEntries(registry);
  const write = spellingIn(entries);
  let nearestLeft = Math.max(MAX_SENTENCES, MAX_COMPARISONS / catalogue.size);
  for (const entry of entries) {
    const { name } = entry;
    const isKnown = isModelFile(name) && (catalogue.has(name) || onDisk.has(name));
    const problem = isKnown ? undefined : explainName(name, catalogue, nearestLeft <= 0);
    if (problem) nearestLeft -= 1;
    const meant = problem?.isSure === true ? (problem.suggestion ?? name) : name;
    const first = firsts.get(meant);
    firsts.set(meant, first ?? entry);
    const found =
      first && (!problem || name === first.name)
        ? twice(entry, first)
        : misnamed(problem, write(entry, problem?.suggestion), first);
    if (!found) continue;
    const { fix, ...diagnostic } = found;
    yield { diagnostic: { file: registry.file, ...positions.at(entry.start), ...diagnostic }, entry, fix };
  }
}

type Found = Omit<Diagnostic, 'file' | 'line' | 'column'> & Pick<Finding, 'fix'>;

/** How a correction is written: by the short name where all valid entries are short, or where none is valid but this one is short. */
function spellingIn(
  entries: readonly ActiveEntry[],
): (entry: ActiveEntry, file: string | undefined) => string | undefined {
  const valid = entries.filter(({ name }) => isModelFile(name));
  const areShort = valid.every(({ name, value }) => name !== value);
  return ({ value }, file) => {
    const short = file === undefined ? '' : shortName(file);
    const isShort = areShort && isShortName(short) && (valid.length > 0 || isShortName(value));
    return isShort ? short : file;
  };
}

function twice({ value }: ActiveEntry, first: ActiveEntry): Found {
  const found = {
    severity: 'warning',
    code: 'repeated',
    message: duplicateEntry(value, first),
    suggestion: null,
  } as const;
  return { ...found, fix: { kind: 'drop', first } };
}

function misnamed(
  problem: NameProblem | undefined,
  suggestion: string | undefined,
  first: ActiveEntry | undefined,
): Found | undefined {
  if (!problem) return undefined;
  const { code, message, isSure } = problem;
  const error = { severity: 'error', code, suggestion: suggestion ?? null } as const;
  if (suggestion === undefined) return { ...error, message, fix: undefined };
  if (first) {
    const also = correctionAlreadyListed(message, suggestion, first);
    return { ...error, message: also, suggestion: null, fix: { kind: 'drop', first } };
  }
  const fix = isSure ? ({ kind: 'rename', to: suggestion } as const) : undefined;
  return { ...error, message: withSuggestion(message, suggestion), fix };
}

/** Sentences about probable mistakes. */
export function lintNames(registry: Registry, catalogue: Catalogue, onDisk: ReadonlySet<string>): readonly string[] {
  const sentences: string[] = [];
  for (const { diagnostic } of lint(registry, catalogue, onDisk)) {
    if (sentences.length === MAX_SENTENCES) return [...sentences, moreWarnings(registry.file)];
    sentences.push(`${diagnostic.file}:${diagnostic.line}: ${diagnostic.message}`);
  }
  return sentences;
}
