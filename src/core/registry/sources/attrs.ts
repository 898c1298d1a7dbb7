import { attributeNames, bindingsIn, haveRecSet, inheritedNames, isSet } from '../attrset-bindings.ts';
import { follow } from '../follow.ts';
import { type Computed, isComputed } from '../list.ts';
import { MODEL_SOURCES } from './find-sources.ts';
import type { Span } from '../../nix/problems.ts';
import { bindingScope, type Definition, resolve, type Scope } from '../scope.ts';
import { spanOf, stripParentheses, type SyntaxNode } from '../syntax.ts';

/** An expression at a path of a set: `x.url = "…";` in the set, or a part of the set that is written elsewhere. */
export interface Part {
  readonly names: readonly string[];
  readonly definition: Definition;
  /** The binding, or the name in an `inherit`; `undefined`: the set itself. */
  readonly binding: SyntaxNode | undefined;
}

/** Whether a name stands for it, or for a set around it: its text may be a part of other values too. */
interface Reached {
  readonly isNamed: boolean;
}

/** A part that is not a set: an attribute of a source, or a value in place of a source or of all sources. */
export interface Leaf extends Reached {
  readonly names: readonly string[];
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly place: Span;
}

/** What parts come to: all their attributes, to the depth of `depth` names, and the sets on the way. */
export interface Attributes {
  readonly leaves: readonly Leaf[];
  /** Sets at less than `depth` names, with the binding that each is the value of. */
  readonly sets: readonly (Reached & { readonly names: readonly string[]; readonly place: Span })[];
}

// Names that double each other would take forever.
const MAX_STEPS = 100_000;

/** Which attributes are read, and at how many names they are. */
export interface Wanted {
  readonly depth: number;
  readonly isWanted: (names: readonly string[]) => boolean;
}

/** Reads sets that are written out: attrpaths, `inherit`, names, `let`. The first part that needs Nix, if there is one. */
export function readAttributes(
  parts: readonly Part[],
  text: string,
  { depth, isWanted }: Wanted,
  at: Span,
): Attributes | Computed {
  const leaves: Leaf[] = [];
  const sets: Attributes['sets'][number][] = [];
  const tasks = parts.map((part) => ({ ...part, isNamed: false })).toReversed();
  let steps = 0;
  for (let task = tasks.pop(); task; task = tasks.pop()) {
    steps += 1;
    if (steps > MAX_STEPS) return { ...at, reason: 'because it is too large to read without Nix' };
    const { names, definition, binding } = task;
    if (!isWanted(names)) continue;
    const place = binding ? spanOf(binding) : at;
    const followed = follow(definition, place, text);
    if (isComputed(followed)) {
      const literal = unboundWord(definition, text);
      if (!literal) return followed;
      leaves.push({ names, node: literal, scope: undefined, place, isNamed: task.isNamed });
      continue;
    }
    const { node, scope } = followed;
    // The name of the whole set leads to no other text: whether it is used elsewhere is known.
    const isOwnName = names.length === 0 && followed.names?.name === MODEL_SOURCES && !followed.names.next;
    const isInherited = binding !== undefined && binding.type !== 'binding';
    const isNamed = task.isNamed || isInherited || (followed.names !== undefined && !isOwnName);
    const body = node.type === 'let_expression' ? node.childForFieldName('body') : null;
    if (body) {
      const inBody = { kind: 'value', node: body, scope: bindingScope(node, text, scope) } as const;
      tasks.push({ names, definition: inBody, binding, isNamed });
      continue;
    }
    if (names.length >= depth || !isSet(node)) {
      leaves.push({ names, node, scope, place, isNamed });
      continue;
    }
    sets.push({ names, place, isNamed });
    const inner = partsIn(node, scope, text);
    if (isComputed(inner)) return inner;
    for (const each of inner.toReversed()) tasks.push({ ...each, names: [...names, ...each.names], isNamed });
  }
  return { leaves, sets };
}

function partsIn(set: SyntaxNode, outer: Scope, text: string): readonly Part[] | Computed {
  const bindings = bindingsIn(set, text);
  if (bindings.isOverridable) return { ...spanOf(set), reason: 'in a set with `__overrides` or `__functor`' };
  const isRec = set.type === 'rec_attrset_expression';
  const scope = isRec ? bindingScope(set, text, outer) : outer;
  const parts: Part[] = [];
  for (const binding of bindings.all) {
    if (binding.type !== 'binding') {
      for (const { name, node } of inheritedNames(binding, text)) {
        const isPlain = binding.type === 'inherit';
        const definition = isPlain ? resolve(name, outer) : ({ kind: 'computed', node: binding } as const);
        parts.push({ names: [name], definition, binding: node });
      }
      continue;
    }
    const names = attributeNames(binding, text);
    const value = binding.childForFieldName('expression');
    const same = names[0] === undefined ? [] : (bindings.byName.get(names[0]) ?? []);
    const isUnclear = same.length > 1 && haveRecSet(same, text);
    if (!value || isUnclear || !names.every((name) => name !== undefined)) {
      return { ...spanOf(binding), reason: 'because a name in it needs Nix to evaluate' };
    }
    parts.push({ names, definition: { kind: 'value', node: value, scope }, binding });
  }
  return parts;
}

/** `true`, `false` or `null`, where the file does not define it: never a string. */
function unboundWord(definition: Definition, text: string): SyntaxNode | undefined {
  if (definition.kind !== 'value') return undefined;
  const node = stripParentheses(definition.node);
  const word = text.slice(node.startIndex, node.endIndex);
  const isWord = node.type === 'variable_expression' && /^(true|false|null)$/.test(word);
  return isWord && resolve(word, definition.scope).kind === 'unbound' ? node : undefined;
}
