import { refuse, type Span } from './problem.ts';

/** What an attribute set or a `let` defines, as far as Nix looks at it while it parses. */
export interface Bindings {
  readonly attributes: Map<string, Attribute>;
  readonly recursive: boolean;
  /** Where a name in it is computed (`${x} = …`). */
  dynamic: Span | undefined;
}

export interface Attribute {
  /** The value, where it is written as a set. */
  readonly set: Bindings | undefined;
  /** The offset of its name. */
  readonly at: number;
}

/** An attrpath: each name, `undefined` where it is computed. */
export type Attrpath = readonly (string | undefined)[];

export function emptyBindings(recursive: boolean): Bindings {
  return { attributes: new Map(), recursive, dynamic: undefined };
}

/**
 * Adds `attrpath = value;` as Nix does (`addAttr` in src/libexpr/parser.y): sets that are written in pieces become one,
 * anything else that is there twice is refused.
 */
export function addBinding(bindings: Bindings, attrpath: Attrpath, set: Bindings | undefined, at: Span): void {
  let into = bindings;
  for (const name of attrpath.slice(0, -1)) {
    const known = name === undefined ? undefined : into.attributes.get(name);
    if (known && !known.set) refuseTwice(attrpath, at, known);
    if (known?.set?.recursive) refusePieces(attrpath, at);
    const nested = known?.set ?? emptyBindings(false);
    if (name === undefined) into.dynamic = at;
    else if (!known) into.attributes.set(name, { set: nested, at: at.start });
    into = nested;
  }
  const last = attrpath.at(-1);
  const known = last === undefined ? undefined : into.attributes.get(last);
  if (last === undefined) into.dynamic = at;
  else if (!known) into.attributes.set(last, { set, at: at.start });
  else if (known.set && set) merge(known.set, set, attrpath, at);
  else refuseTwice(attrpath, at, known);
}

/** Adds a name of an `inherit`. */
export function addInherited(bindings: Bindings, name: string, at: Span): void {
  const known = bindings.attributes.get(name);
  if (known) refuseTwice([name], at, known);
  bindings.attributes.set(name, { set: undefined, at: at.start });
}

function merge(into: Bindings, from: Bindings, attrpath: Attrpath, at: Span): void {
  if (into.recursive || from.recursive || from.dynamic) refusePieces(attrpath, at);
  for (const [name, attribute] of from.attributes) {
    const known = into.attributes.get(name);
    if (known) refuseTwice([...attrpath, name], at, known);
    into.attributes.set(name, attribute);
  }
}

function refuseTwice(attrpath: Attrpath, at: Span, first: Attribute): never {
  refuse(at, `${shown(attrpath)} is defined twice`, 'Keep one of the two.', first.at);
}

// What the names in such a set mean differs between versions of Nix.
function refusePieces(attrpath: Attrpath, at: Span): never {
  const hint = 'Write it as one set.';
  refuse(
    at,
    `the set ${shown(attrpath)} is written in pieces, and one of them is a \`rec\` or has a computed name`,
    hint,
  );
}

function shown(attrpath: Attrpath): string {
  return attrpath.map((name) => name ?? '${…}').join('.');
}
