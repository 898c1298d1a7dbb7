import { isAttrpath } from '../registry/attrpath.ts';

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
