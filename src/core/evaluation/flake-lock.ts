import { asObject, readObject } from '../json.ts';

/** The value of an attribute of a flake reference. */
export type RefValue = string | number | boolean;
export type RefAttrs = Readonly<Record<string, RefValue>>;

/** A node of a flake.lock: the root, or an input of the flake or of its inputs. */
export interface LockNode {
  /** For each input the key of its node, or a path of input names from the root (`follows`). */
  readonly inputs: Readonly<Record<string, string | readonly string[]>>;
  /** Whether it is a flake itself. */
  readonly isFlake: boolean;
  /** The reference in flake.nix; empty for the root. */
  readonly original: RefAttrs;
  /** The reference with its hash; empty for the root. */
  readonly locked: RefAttrs;
  /** The input that a relative path is relative to, as input names from the root; Nix before 2.26 writes none. */
  readonly parent: readonly string[];
}

export interface FlakeLock {
  readonly root: string;
  readonly nodes: ReadonlyMap<string, LockNode>;
}

/** The lock of a flake without inputs. */
const EMPTY = '{"nodes":{"root":{}},"root":"root","version":7}';

/** Reads a flake.lock, `undefined` where there is none; returns `undefined` where it is not valid. */
export function parseFlakeLock(text: string = EMPTY): FlakeLock | undefined {
  const { root, nodes, version } = asObject(readObject(text));
  if (typeof root !== 'string' || typeof version !== 'number' || version < 5 || version > 7) return undefined;
  const read = new Map(Object.entries(asObject(nodes)).map(([key, node]) => [key, readNode(node)]));
  return read.has(root) ? { root, nodes: read } : undefined;
}

function readNode(node: unknown): LockNode {
  const { inputs, flake, original, locked, parent } = asObject(node);
  const links = Object.entries(asObject(inputs)).filter(
    (link): link is [string, string | string[]] => typeof link[1] === 'string' || isPath(link[1]),
  );
  return {
    inputs: Object.fromEntries(links),
    isFlake: flake !== false,
    original: refAttrs(original),
    locked: refAttrs(locked),
    parent: isPath(parent) ? parent : [],
  };
}

function isPath(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** The attributes of a reference, without those that cannot be part of one. */
export function refAttrs(value: unknown): RefAttrs {
  const entries = Object.entries(asObject(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, RefValue] => ['string', 'number', 'boolean'].includes(typeof entry[1])),
  );
}

/** The path of a node that is a folder of its parent, like `./sub`; `undefined` for all others. */
export function pathInParent({ locked }: LockNode): string | undefined {
  const { type, path } = locked;
  return type === 'path' && typeof path === 'string' && !path.startsWith('/') ? path : undefined;
}
