import { quote } from '../nix/string-literal.ts';
import { isAttrpath } from '../registry/attrset-bindings.ts';
import { type BindingMatch, COMPUTED_NAME } from '../registry/find-binding.ts';
import type { SyntaxNode } from '../registry/syntax.ts';

/** How Nix gets at a value of the file: a text to evaluate in its place, and the attrpath to select from it. */
export interface Target {
  /** `undefined`: the file itself, as it lies on the disk. */
  readonly text: string | undefined;
  readonly path: readonly string[];
  /** Whether what is there then is a list with just the value in it, as the body of functions or of none. */
  readonly isBody: boolean;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_'-]*$/;

const KEYWORDS = new Set(['if', 'then', 'else', 'assert', 'with', 'let', 'in', 'rec', 'inherit', 'or']);

/**
 * The target of a binding. What the result of the file has is selected from it. What is bound in a `let` cannot be
 * reached from outside: there the name takes the place of the body of the `let`, and all other text stays where it is,
 * so that the positions in errors stay true. In brackets, because the functions around it are called, and one that is
 * the value itself must not be. `undefined`: a name on the way cannot be written.
 */
export function targetOf({ path, holder }: BindingMatch, text: string): Target | undefined {
  if (path.includes(COMPUTED_NAME)) return undefined;
  if (!holder) return { text, path, isBody: false };
  const { body, depth } = holder;
  const [name, ...rest] = path.slice(depth);
  if (name === undefined || !NAME.test(name) || KEYWORDS.has(name)) return undefined;
  const selected = `[ ${[name, ...rest.map(quote)].join('.')} ]`;
  const spliced = text.slice(0, body.startIndex) + inPlaceOf(body, selected, text) + text.slice(body.endIndex);
  return { text: spliced, path: path.slice(0, depth), isBody: true };
}

/** With as many lines as there were, for the sake of the positions after it. */
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
