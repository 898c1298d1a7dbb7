import { endsWith, isAttrpath, parseAttrpath } from '../attrset-bindings.ts';

/** What `--attr` asks for. */
export interface Attr {
  /** As it was typed. */
  readonly given: string;
  readonly path: readonly string[];
  /** A leading dot: the path begins at the result of the file, or at its outermost `let`. */
  readonly isAnchored: boolean;
  /** One name: any other list of that name in the file makes it ambiguous. */
  readonly isName: boolean;
}

/** Whether a text is an attrpath, with or without a leading dot. */
export function isAttr(given: string): boolean {
  return isAttrpath(given.replace(/^\./, ''));
}

export function parseAttr(given: string): Attr {
  const path = parseAttrpath(given);
  const isAnchored = given.startsWith('.');
  return { given, path, isAnchored, isName: path.length === 1 && !isAnchored };
}

export function isSamePath(one: readonly (string | undefined)[], other: readonly (string | undefined)[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

/** Whether a path is the beginning of another one, or that one; `undefined`: a name that may be any. */
export function leadsTo(path: readonly (string | undefined)[], wanted: readonly string[]): boolean {
  return path.length <= wanted.length && path.every((name, index) => name === undefined || name === wanted[index]);
}

/** The placeholder for a computed name in a path. */
export const COMPUTED_NAME = '${…}';

/** Those whose whole path is the wanted one, or else those whose path ends so. */
export function selectByPath<T extends { readonly path: readonly (string | undefined)[] }>(
  all: readonly T[],
  { path, isAnchored, isName }: Attr,
  isHidden: (each: T) => boolean = () => false,
): readonly T[] {
  const exact = all.filter((each) => isSamePath(each.path, path));
  const others = all.filter((each) => endsWith(each.path, path));
  // A name in a `let` does not decide against an attribute of the result.
  const decides = exact.some((each) => !isHidden(each)) || others.every(isHidden);
  return isAnchored || (!isName && exact.length > 0 && decides) ? exact : others;
}

/** The `--attr` that means exactly this path; `undefined` where a name in it is computed. */
export function attrOf(path: readonly (string | undefined)[]): string | undefined {
  if (path.includes(undefined) || path.includes(COMPUTED_NAME)) return undefined;
  const names = path.map((name) => (/^[a-zA-Z0-9_][a-zA-Z0-9_'-]*$/.test(name ?? '') ? name : JSON.stringify(name)));
  return names.length === 1 ? `.${names[0]}` : names.join('.');
}
