import { KEYWORDS } from '../nix/lexer.ts';
import { quote } from '../nix/literals.ts';
import { isAttrpath } from '../registry/attrset-bindings.ts';
import type { BindingMatch } from '../registry/search/binding-search.ts';
import { COMPUTED_NAME } from '../registry/search/attr.ts';
import type { SyntaxNode } from '../registry/syntax.ts';

/** How Nix evaluates a value of the file: the text to evaluate, and the attrpath to select from it. */
export interface Target {
  /** `undefined`: the file on the disk. */
  readonly text: string | undefined;
  readonly path: readonly string[];
  /** Whether the selected attribute is a list that contains just the value, possibly inside functions. */
  readonly isBody: boolean;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_'-]*$/;

/**
 * The target of a binding. An attribute of the file's result is selected from it. A name bound in a `let` cannot be selected:
 * it replaces the body of the `let`, and all other text stays where it is, so that the positions in errors stay correct. It
 * is in a list, because the enclosing functions are called, and a value that is itself a function must not be.
 * `undefined`: a name in the path cannot be written.
 */
export function targetOf(
  { path, enclosingLet }: Pick<BindingMatch, 'path' | 'enclosingLet'>,
  text: string,
): Target | undefined {
  if (path.includes(COMPUTED_NAME)) return undefined;
  if (!enclosingLet) return { text, path, isBody: false };
  const { body, depth } = enclosingLet;
  const [name, ...rest] = path.slice(depth);
  if (name === undefined || !NAME.test(name) || KEYWORDS.has(name)) return undefined;
  const selected = `[ ${[name, ...rest.map(quote)].join('.')} ]`;
  const spliced = text.slice(0, body.startIndex) + inPlaceOf(body, selected, text) + text.slice(body.endIndex);
  return { text: spliced, path: path.slice(0, depth), isBody: true };
}

/** With the same number of lines, so that later positions stay correct. */
function inPlaceOf({ startIndex, endIndex }: SyntaxNode, selected: string, text: string): string {
  const [first = '', ...lines] = text.slice(startIndex, endIndex).replace(/[^\n]/g, ' ').split('\n');
  return [selected.padEnd(first.length), ...lines].join('\n');
}

/** An output of a flake, like `.#lib.activeModels`. */
export interface FlakeReference {
  /** A folder, as it was typed (`''`, `./sub`, `/srv/flake`), or an address that Nix fetches by itself. */
  readonly flake: { readonly folder: string } | { readonly address: string };
  readonly attribute: string;
}

const FOLDER = /^(?:\.{0,2}|(?:\.{0,2}\/)[^?\p{Cc}]*)$/u;
// Not git+…, hg+… and names of a flake registry, which may lead there: Nix would run git in a repository of someone else.
const ADDRESS = /^(?:path:|github:|gitlab:|sourcehut:|(?:tarball\+)?https?:\/\/)[^\s\p{Cc}]+$/u;

/** Reads a reference to an output of a flake; `undefined` where it is not one that may be evaluated. */
export function parseFlakeReference(given: string): FlakeReference | undefined {
  const at = given.indexOf('#');
  const [named, attribute] = [given.slice(0, at), given.slice(at + 1)];
  if (at < 0 || !isAttrpath(attribute)) return undefined;
  if (FOLDER.test(named)) return { flake: { folder: named }, attribute };
  return ADDRESS.test(named) ? { flake: { address: named }, attribute } : undefined;
}
