import type { Span } from '../../nix/problems.ts';
import { type Computed, isComputed } from '../list.ts';
import { readString, stringBudget } from '../string-value.ts';
import { spanOf } from '../syntax.ts';
import { whyComputed } from '../why-computed.ts';
import type { Attributes, Leaf } from './attrs.ts';
import { type RawSource, type RawValue, isSourceAttribute, type SourceAttribute } from './source.ts';

/** An entry of `modelSources`, and where it is in the text. */
export interface WrittenSource extends RawSource {
  /** The first binding of it. */
  readonly name: Span;
  /** The values of its attributes. */
  readonly places: Partial<Readonly<Record<SourceAttribute, Span>>>;
  /** Those whose text may be a part of other values too, because a name stands for it. */
  readonly shared: ReadonlySet<SourceAttribute>;
}

/** The entries of a set in their order, or the first expression that needs Nix. Other attributes than those of a source are ignored. */
export function entriesOf({ leaves, sets }: Attributes, text: string): readonly WrittenSource[] | Computed {
  const entries = new Map<string, Mutable>();
  const entryOf = (key: string, name: Span): Mutable => {
    const known = entries.get(key) ?? { key, name, attributes: {}, places: {}, shared: new Set(), instead: undefined };
    entries.set(key, known);
    return known;
  };
  const ordered = [
    ...leaves.map((leaf) => ({ at: leaf.place.start, leaf, set: undefined })),
    ...sets.map((set) => ({ at: set.place.start, leaf: undefined, set })),
  ].toSorted((a, b) => a.at - b.at);
  const budget = stringBudget();
  for (const { leaf, set } of ordered) {
    const { names, place } = leaf ?? set;
    const [key, attribute, ...deeper] = names;
    // Not a set at all, but a list or a call.
    if (key === undefined) {
      if (leaf) return whyComputed(leaf.node, text);
      continue;
    }
    const entry = entryOf(key, place);
    if (!leaf) continue;
    if (attribute === undefined) {
      const type = typeOf(leaf);
      if (type === undefined) return whyComputed(leaf.node, text);
      entry.instead = type;
    } else if (isSourceAttribute(attribute)) {
      const value = deeper.length > 0 ? { other: 'a set' } : readValue(leaf, text, budget);
      if (isComputed(Object(value) as object)) return value as Computed;
      entry.attributes[attribute] = value as RawValue;
      entry.places[attribute] = spanOf(leaf.node);
      if (leaf.isNamed) entry.shared.add(attribute);
    }
  }
  return [...entries.values()].map(({ instead, attributes, ...entry }): WrittenSource =>
    instead === undefined ? { ...entry, attributes } : { ...entry, attributes: undefined, instead },
  );
}

interface Mutable {
  readonly key: string;
  readonly name: Span;
  readonly attributes: Partial<Record<SourceAttribute, RawValue>>;
  readonly places: Partial<Record<SourceAttribute, Span>>;
  readonly shared: Set<SourceAttribute>;
  instead: string | undefined;
}

function readValue(leaf: Leaf, text: string, budget: ReturnType<typeof stringBudget>): RawValue | Computed {
  const { node, scope } = leaf;
  switch (node.type) {
    case 'integer_expression':
      return Number(text.slice(node.startIndex, node.endIndex));
    case 'uri_expression':
      return text.slice(node.startIndex, node.endIndex);
    default: {
      const type = typeOf(leaf);
      if (type !== undefined && type !== 'a string') return { other: type };
      return readString(node, scope, text, budget) ?? whyComputed(node, text);
    }
  }
}

/** What a value is by its syntax; `undefined`: only Nix can tell. */
export function typeOf({ node }: Pick<Leaf, 'node'>): string | undefined {
  return TYPES[node.type];
}

const TYPES: Readonly<Record<string, string>> = {
  integer_expression: 'a number',
  float_expression: 'a number',
  string_expression: 'a string',
  indented_string_expression: 'a string',
  uri_expression: 'a string',
  list_expression: 'a list',
  attrset_expression: 'a set',
  rec_attrset_expression: 'a set',
  path_expression: 'a path',
  hpath_expression: 'a path',
  spath_expression: 'a path',
  function_expression: 'a function',
  variable_expression: 'true, false or null',
};
