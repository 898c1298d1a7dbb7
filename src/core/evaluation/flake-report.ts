import { absentFile, type LockedFlake, type Tree, type Wrapper } from './flake-expression.ts';
import { errorsIn, type NixFailure } from './nix-log.ts';
import { readFailure } from './nix-report.ts';

/**
 * Reads the standard error of Nix after the evaluation of a wrapper. `top`: the folder that the flake was copied from, in which
 * places are; `undefined`: they are in the store. Returns the name of an input that is missing from the store, if that is why.
 */
export function readFlakeFailure(
  stderr: string,
  { tree }: LockedFlake,
  { inputs }: Wrapper,
  top: string | undefined,
): NixFailure | { readonly missing: string } {
  const trees = [tree, ...inputs.values()];
  const plain = trees.reduce(withStorePath, stderr);
  const messages = errorsIn(plain).map((error) => error.raw_msg ?? '');
  const [missing] =
    Array.from(inputs).find(([, input]) => messages.some((text) => text.includes(absentFile(input)))) ?? [];
  if (missing !== undefined) return { missing };
  return readFailure(plain, [], (name) => {
    if (top !== undefined && name.startsWith(`${tree.storePath}/`)) return top + name.slice(tree.storePath.length);
    // The wrapper is in the store, too, and is not a file of the user.
    return trees.some(({ storePath }) => name.startsWith(`${storePath}/`)) ? name : undefined;
  });
}

/** Newer versions of Nix name a file of an input by the address of that input: `«file:///….tar?narHash=…»/flake.nix`. */
function withStorePath(text: string, tree: Tree): string {
  const [before = '', ...parts] = text.split(`«file://${absentFile(tree)}`);
  return before + parts.map((part) => tree.storePath + part.replace(/^[^»]*»/, '')).join('');
}
