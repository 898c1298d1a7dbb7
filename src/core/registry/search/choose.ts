import type { Place } from '../../nix/notes.ts';
import type { Span } from '../../nix/problems.ts';
import { endsWith } from '../attrset-bindings.ts';
import { follow } from '../follow.ts';
import { isComputed } from '../list.ts';
import { type Definition } from '../scope.ts';
import { type ParsedText, spanOf } from '../syntax.ts';
import { type Attr, selectByPath } from './attr.ts';
import type { BindingMatch, Condition } from './binding-search.ts';
import { definitionAt } from './place-chain.ts';

/** The binding of the list, or the different lists that it could be and where else the name is bound. */
export type Choice =
  | { readonly kind: 'one'; readonly match: BindingMatch }
  | { readonly kind: 'several'; readonly matches: readonly BindingMatch[]; readonly others: readonly Place[] };

/** Chooses between bindings; those that lead to the same value count as one. `undefined`: there is none. */
export function choose(parsed: ParsedText, matches: readonly BindingMatch[], attr: Attr): Choice | undefined {
  const groups = new Map<string, BindingMatch[]>();
  for (const match of preferred(matches, attr)) {
    const value = valueOf(match, parsed.text);
    const others = groups.get(value);
    if (others) others.push(match);
    else groups.set(value, [match]);
  }
  const [first, ...more] = groups.values();
  if (!first) return undefined;
  const others = attr.isName ? otherPlaces(parsed, matches, attr) : [];
  if (more.length === 0 && others.length === 0) return { kind: 'one', match: united(first) };
  return { kind: 'several', matches: [first, ...more].flatMap(([match]) => match ?? []), others };
}

/** With a whole path, an attribute of the result is meant rather than a name in a `let`. */
function preferred(matches: readonly BindingMatch[], attr: Attr): readonly BindingMatch[] {
  const selected = selectByPath(matches, attr, ({ enclosingLet }) => enclosingLet !== undefined);
  const exported = selected.filter(({ enclosingLet }) => !enclosingLet);
  if (!attr.isName) return exported.length > 0 ? exported : selected;
  return [...exported, ...selected.filter(({ enclosingLet }) => enclosingLet)];
}

/** One for all bindings of a value. A condition or a name that is not that of all says nothing about the value. */
function united(group: readonly BindingMatch[]): BindingMatch {
  const [first, ...more] = group;
  if (!first) throw new RangeError('a group of bindings has at least one');
  // A name in a `let` has no condition of its own.
  const others = more.filter(({ enclosingLet }) => !enclosingLet || first.enclosingLet);
  const isOfAll = (condition: Condition | undefined): boolean =>
    others.every((each) => each.condition?.of === condition?.of && each.condition?.branch === condition?.branch);
  return {
    ...first,
    obstacle: group.find(({ obstacle }) => obstacle)?.obstacle,
    assertion: group.find(({ assertion }) => assertion)?.assertion,
    condition: isOfAll(first.condition) ? first.condition : undefined,
    names: more.every(({ names }) => names) ? first.names : undefined,
  };
}

/** Identifies the value that a match leads to; a computed value may differ by its path. */
function valueOf({ definition, node, path }: BindingMatch, text: string): string {
  const followed = follow(definition, spanOf(node), text);
  return isComputed(followed) ? `${followed.start} ${path.join('.')}` : String(followed.node.startIndex);
}

/** Where the text binds the name to something else than the matches do: in calls, lists, arguments, functions. */
function otherPlaces(parsed: ParsedText, matches: readonly BindingMatch[], { path }: Attr): readonly Place[] {
  const walked = new Set(matches.map(({ node }) => node.startIndex));
  const unknown = parsed.notes.places.filter((place) => endsWith(place.path, path) && !walked.has(place.start));
  // So many do not all have one value, and following each takes long.
  if (unknown.length === 0 || unknown.length > MAX_IDENTIFIED) return unknown;
  const values = new Set(matches.map(({ definition }) => identify(definition, parsed.text)));
  return unknown.filter((place) => !values.has(identify(definitionAt(parsed, place), parsed.text)));
}

const MAX_IDENTIFIED = 500;

/** Whether the text in a range binds the name of a match to something else. */
export function bindsOther(parsed: ParsedText, match: BindingMatch, { start, end }: Span): boolean {
  const name = match.path.slice(-1);
  const inside = parsed.notes.places.filter(
    (place) => start <= place.start && place.start < end && endsWith(place.path, name),
  );
  if (inside.length > MAX_IDENTIFIED) return true;
  const value = identify(match.definition, parsed.text);
  return inside.some((place) => identify(definitionAt(parsed, place), parsed.text) !== value);
}

/** Identifies a definition by the offset of its value. */
function identify(definition: Definition, text: string): number {
  if (definition.kind === 'unbound') return -1;
  const followed = follow(definition, spanOf(definition.node), text);
  if (!isComputed(followed)) return followed.node.startIndex;
  return definition.kind === 'argument' ? definition.node.startIndex : -2 - followed.start;
}
