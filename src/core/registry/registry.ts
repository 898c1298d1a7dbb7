import type { Span } from '../nix/problems.ts';
import type { WhisperError } from '../errors.ts';
import { isModelFile, type NameOf } from '../catalogue/names.ts';
import { computedList } from '../messages/registry.ts';
import { placeOf, Positions } from './diagnostic.ts';
import { isComputed, type Computed, type StringList } from './list.ts';
import type { ModelsDirSetting } from './models-dir.ts';
import type { SourcesSetting } from './sources/read-sources.ts';
import type { Environment } from './string-value.ts';
import type { Target } from '../evaluation/target.ts';
import type { ListValue } from './value.ts';

/** A registry with the places of its entries. */
export interface Registry {
  readonly file: string;
  readonly text: string;
  /** The attrpath that the list was found at. */
  readonly attrpath: string;
  /** Whether the list was read from the text, or evaluated by Nix. */
  readonly source: 'static' | 'nix-eval';
  readonly entries: readonly Entry[];
  /** The binding of the list: the place for messages about an entry without one. */
  readonly binding: Span;
  /** Whether the list is bound in a `let` and is not an attribute of the file's result. */
  readonly isHidden: boolean;
  /** Under which condition the list is defined, like "`else` of `isCI`"; `undefined`: under none. */
  readonly condition: string | undefined;
  /** `undefined`: the file does not set a models directory. */
  readonly modelsDir: ModelsDirSetting | undefined;
  /** `undefined`: the file has no `modelSources`. */
  readonly sources: SourcesSetting | undefined;
}

/** A string of the list, and its place if it is in the file. */
export interface Entry {
  /** As it is written. */
  readonly value: string;
  /** The file name of the model that it means; the value itself where it means none, or before `withModelNames`. */
  readonly name: string;
  readonly span: Span | undefined;
}

/** An entry with its line in the file, from 1; `start` and `end` are those of the binding where it has no line. */
export interface ActiveEntry extends Span, Pick<Entry, 'value' | 'name'> {
  readonly line: number | null;
}

export interface ReadOptions {
  readonly file: string;
  /** Which binding to read; the list is the one whose attrpath ends so. Default: `activeModels`. */
  readonly attr?: string | undefined;
  /** Whether to read a list inside a call too, where it is the only one of its name. Never for removing files. */
  readonly literal?: boolean | undefined;
  readonly environment: Environment;
}

/** A registry as far as it can be read without Nix. */
export interface Reading {
  readonly file: string;
  readonly text: string;
  readonly attrpath: string;
  readonly value: ListValue;
  readonly binding: Span;
  readonly isHidden: boolean;
  readonly condition: string | undefined;
  readonly modelsDir: ModelsDirSetting | undefined;
  readonly sources: SourcesSetting | undefined;
  /** How often each variable of the text is used. */
  readonly uses: ReadonlyMap<string, number>;
  /** How Nix evaluates the list; `undefined` where it cannot. */
  readonly target: Target | undefined;
}

/** The registry of a reading, or the first part of its list that is computed. */
export function asRegistry(reading: Reading): Registry | Computed {
  const computed = reading.value.find(isComputed);
  return computed ?? { ...withoutValue(reading), source: 'static', entries: literalEntries(reading.value) };
}

/** The registry whose list Nix has evaluated. Names in the file keep their places. */
export function asEvaluated(reading: Reading, names: readonly string[]): Registry {
  const literal = new Map<string, Entry[]>();
  for (const entry of literalEntries(reading.value).toReversed()) {
    const known = literal.get(entry.value);
    if (known) known.push(entry);
    else literal.set(entry.value, [entry]);
  }
  const entries = names.map((value): Entry => literal.get(value)?.pop() ?? { value, name: value, span: undefined });
  return { ...withoutValue(reading), source: 'nix-eval', entries };
}

/** The registry with the meaning of each entry. Without it, a short name counts as an invalid name. */
export function withModelNames(registry: Registry, nameOf: NameOf): Registry {
  const { entries } = registry;
  if (entries.every(({ name }) => isModelFile(name))) return registry;
  return { ...registry, entries: entries.map((entry) => ({ ...entry, name: nameOf(entry.name) })) };
}

export function literalLists(value: ListValue): readonly StringList[] {
  return value.flatMap((part) => (isComputed(part) ? [] : [part.list]));
}

/** The error for a list that needs Nix to evaluate; `obstacle`: why Nix is not asked. */
export function computedError(
  { file, text, attrpath }: Reading,
  computed: Computed,
  obstacle?: Parameters<typeof computedList>[3],
): WhisperError {
  return computedList(attrpath, computed, placeOf(file, text, computed), obstacle);
}

/** The entries of the list in order. */
export function activeEntries({ text, entries, binding }: Registry): readonly ActiveEntry[] {
  const positions = new Positions(text);
  return entries.map(({ value, name, span }) => {
    if (!span) return { value, name, line: null, start: binding.start, end: binding.end };
    return { value, name, line: positions.lineOf(span.start), start: span.start, end: span.end };
  });
}

function literalEntries(value: ListValue): Entry[] {
  return literalLists(value).flatMap(({ elements }) =>
    elements.map(({ value: name, start, end }): Entry => ({ value: name, name, span: { start, end } })),
  );
}

function withoutValue(reading: Reading): Omit<Registry, 'source' | 'entries'> {
  const { file, text, attrpath, binding, isHidden, condition, modelsDir, sources } = reading;
  return { file, text, attrpath, binding, isHidden, condition, modelsDir, sources };
}
