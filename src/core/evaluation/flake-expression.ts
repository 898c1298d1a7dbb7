import { quote } from '../nix/literals.ts';
import { type FlakeLock, type LockNode, pathInParent } from './flake-lock.ts';
import { SHOW } from './question.ts';
import { FLAKE_SCOPE } from './sandbox.ts';

/** A folder in the Nix store, by its content. */
export interface Tree {
  readonly storePath: string;
  /** `sha256-` and base 64. */
  readonly narHash: string;
}

export interface LockedFlake {
  readonly tree: Tree;
  /** The folder of flake.nix in the tree; empty for its top. */
  readonly folder: string;
  readonly lock: FlakeLock;
}

/** A flake that evaluates an output of another one: the texts of its flake.nix and flake.lock. */
export interface Wrapper {
  readonly nix: string;
  readonly lock: string;
  /** The inputs of the other flake by their trees. */
  readonly inputs: ReadonlyMap<string, Tree>;
}

/**
 * The wrapper whose output `answer` is that of an attribute, as `parseAnswer` reads it. Its inputs are the trees that the lock of
 * the other flake pins, each as an archive at the URL of a file that does not exist: Nix takes such a tree from the store by its hash,
 * and cannot get it anywhere else. Nix does not read the inputs in the other flake.nix, which could name any folder.
 */
export function wrapFlake(flake: LockedFlake, path: readonly string[], treeOf: (narHash: string) => string): Wrapper {
  const { lock, tree } = flake;
  const inputs = new Map<string, Tree>();
  const nodes = Array.from(lock.nodes, ([key, node]): [string, object] => {
    const { narHash } = node.locked;
    const isPinned = typeof narHash === 'string' && /^sha256-[\w+/]{43}=$/.test(narHash);
    const pinned = isPinned ? { storePath: treeOf(narHash), narHash } : undefined;
    if (pinned && key !== lock.root) inputs.set(key, pinned);
    return [key, nodeFor(node, pinned?.storePath)];
  });
  const trees = new Map([
    ['flake', tree],
    ...Array.from(inputs.values(), (each): [string, Tree] => [nameOf(each), each]),
  ]);
  const given = JSON.stringify({
    nodes: Object.fromEntries(nodes),
    root: lock.root,
    folder: flake.folder,
    path,
    unknown: UNKNOWN,
  });
  const declared = Array.from(
    trees,
    ([name, each]) => `${quote(name)} = { type = "tarball"; url = ${quote(addressOf(each))}; flake = false; };`,
  );
  return {
    nix: `{ inputs = { ${declared.join(' ')} };\noutputs = trees: { answer = (${EVALUATE}) (builtins.fromJSON ${quote(given)}) trees; }; }\n`,
    lock: lockOf(trees),
    inputs,
  };
}

/** What Nix knows of a flake by its repository, which is not asked: a value that depends on it is refused. */
const UNKNOWN = [
  'dirtyRev',
  'dirtyShortRev',
  'lastModified',
  'lastModifiedDate',
  'rev',
  'revCount',
  'shortRev',
  'submodules',
];

function nodeFor(node: LockNode, storePath: string | undefined): object {
  const { dir, rev, revCount, lastModified, type, submodules = false } = node.locked;
  const inside = pathInParent(node);
  return {
    inputs: node.inputs,
    isFlake: node.isFlake,
    parent: node.parent,
    folder: typeof dir === 'string' ? dir : '',
    ...(inside !== undefined && { inside }),
    ...(storePath !== undefined && { tree: nameOf({ storePath }), storePath }),
    info: {
      ...(typeof rev === 'string' && { rev, shortRev: rev.slice(0, 7) }),
      ...(typeof revCount === 'number' && { revCount }),
      ...(type === 'git' && { submodules }),
      ...(typeof lastModified === 'number' && { lastModified, lastModifiedDate: dateOf(lastModified) }),
    },
  };
}

/** The name of a tree among the inputs of the wrapper. Identifiers of Nix begin with a letter. */
function nameOf({ storePath }: Pick<Tree, 'storePath'>): string {
  return `t${storePath.slice(storePath.lastIndexOf('/') + 1).replace(/-.*/, '')}`;
}

/** A file that does not exist, which Nix names when it needs a tree that is not in the store. */
export function absentFile({ storePath }: Pick<Tree, 'storePath'>): string {
  return `/nonexistent/${storePath.slice(storePath.lastIndexOf('/') + 1)}.tar`;
}

function addressOf(tree: Tree): string {
  return `file://${absentFile(tree)}`;
}

function lockOf(trees: ReadonlyMap<string, Tree>): string {
  const nodes = Array.from(trees, ([name, tree]): [string, object] => {
    const original = { type: 'tarball', url: addressOf(tree) };
    return [name, { flake: false, locked: { ...original, narHash: tree.narHash }, original }];
  });
  const root = { inputs: Object.fromEntries(Array.from(trees.keys(), (name) => [name, name])) };
  return JSON.stringify({ nodes: { ...Object.fromEntries(nodes), root }, root: 'root', version: 7 });
}

/** Seconds since 1970 as `YYYYMMDDhhmmss`, as Nix writes them. */
function dateOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14);
}

// The outputs of a flake by its lock, as `call-flake.nix` of Nix computes them. A path in its parent that the lock pins, as
// Nix before 2.26 does, must have that content.
const EVALUATE = `given: trees:
  let
    ${FLAKE_SCOPE}
    ${SHOW}
    follow = key: path: if path == [ ] then key else follow (resolve given.nodes.\${key}.inputs.\${builtins.head path}) (builtins.tail path);
    resolve = link: if builtins.isList link then follow given.root link else link;
    within = path: folder: if folder == "" then path else path + "/" + folder;
    treeOf = key: node:
      if key == given.root then trees.flake // builtins.listToAttrs (map (name: { inherit name; value = stop "self" name; }) given.unknown)
      else if node ? inside then treeInside key node
      else if node ? tree then trees.\${node.tree} // node.info
      else stop "pin" key;
    treeInside = key: node:
      let
        parent = nodes.\${follow given.root node.parent};
        outPath = within parent.result.outPath node.inside;
        found = builtins.path { path = builtins.unsafeDiscardStringContext outPath; name = "source"; };
      in
      if node ? storePath && builtins.unsafeDiscardStringContext found != node.storePath then stop "relock" key
      else parent.tree // { inherit outPath; };
    nodes = builtins.mapAttrs (key: node: rec {
      tree = treeOf key node;
      outPath = within tree.outPath (if key == given.root then given.folder else node.folder);
      flake = scope.import (outPath + "/flake.nix");
      inputs = builtins.mapAttrs (_: link: nodes.\${resolve link}.result) node.inputs;
      outputs = flake.outputs (inputs // { self = result; });
      result =
        if node.isFlake then outputs // tree // { inherit outPath inputs outputs; sourceInfo = tree; _type = "flake"; }
        else tree // { inherit outPath; sourceInfo = tree; };
    }) given.nodes;
    pick = value: path:
      if path == [ ] then { inherit value; }
      else if builtins.isAttrs value && value ? \${builtins.head path} then pick value.\${builtins.head path} (builtins.tail path)
      else { missing = true; };
  in
  show (pick nodes.\${given.root}.result given.path)`.replace(/\s*\n\s*/g, ' ');
