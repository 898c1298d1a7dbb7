import { asObject } from '../json.ts';
import { type FlakeLock, type RefAttrs, refAttrs } from './flake-lock.ts';

/** Where flake.nix and flake.lock differ: the name of an input, like `nixpkgs` or `a/b`. */
export interface Unlocked {
  readonly input: string;
  /** `missing`: it is not in the lock; `changed`: the lock has another reference; `left`: flake.nix no longer has it. */
  readonly how: 'missing' | 'changed' | 'left';
}

/**
 * Nix: what the set in a flake.nix declares, without evaluating its outputs. Nix allows only literals there. A path becomes
 * a list with its text; anything that no reference may contain becomes null.
 */
export const DECLARED = `flake:
  let
    show = value:
      if builtins.isAttrs value then builtins.mapAttrs (_: show) value
      else if builtins.isPath value then [ (toString value) ]
      else if builtins.isString value || builtins.isBool value || builtins.isInt value then value
      else null;
    outputs = flake.outputs or null;
  in {
    inputs = show (flake.inputs or { });
    formals = if builtins.isFunction outputs then builtins.attrNames (builtins.functionArgs outputs) else [ ];
    attributes = builtins.attrNames flake;
  }`.replace(/\s*\n\s*/g, ' ');

/** What `DECLARED` evaluates to. */
export interface Declared {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly attributes: readonly string[];
}

/** Throws a `SyntaxError` where the JSON is not what `DECLARED` evaluates to. */
export function parseDeclared(json: string): Declared {
  const { inputs, formals, attributes } = asObject(JSON.parse(json));
  if (!Array.isArray(formals) || !Array.isArray(attributes)) throw new SyntaxError('not the inputs of a flake');
  // Arguments of `outputs` that are not declared are inputs by the name of a registry.
  const implied = formals.map(String).filter((name) => name !== 'self');
  return {
    inputs: { ...Object.fromEntries(implied.map((name) => [name, {}])), ...asObject(inputs) },
    attributes: attributes.map(String),
  };
}

/** The first difference between what a flake.nix declares and its lock; `undefined` if all of it is locked. */
export function findUnlocked({ inputs }: Pick<Declared, 'inputs'>, lock: FlakeLock): Unlocked | undefined {
  const found = unlockedIn(inputs, lock, lock.root, []);
  if (found) return found;
  const left = Object.keys(lock.nodes.get(lock.root)?.inputs ?? {}).find((name) => !Object.hasOwn(inputs, name));
  return left === undefined ? undefined : { input: left, how: 'left' };
}

function unlockedIn(
  declared: Readonly<Record<string, unknown>>,
  lock: FlakeLock,
  key: string,
  path: readonly string[],
): Unlocked | undefined {
  const links = lock.nodes.get(key)?.inputs ?? {};
  for (const [name, value] of Object.entries(declared)) {
    const { inputs, flake, follows, ...reference } = asObject(value);
    const input = [...path, name].join('/');
    const link = Object.hasOwn(links, name) ? links[name] : undefined;
    // Nix ignores an override of an input that does not exist, with a warning.
    if (link === undefined && path.length > 0) continue;
    if (link === undefined) return { input, how: 'missing' };
    if (follows !== undefined) {
      if (typeof link === 'string' || typeof follows !== 'string' || link.join('/') !== follows.replace(/^\//, ''))
        return { input, how: 'changed' };
      continue;
    }
    // An input of an input has no reference where flake.nix only overrides its inputs.
    const isNamedOnly = path.length > 0 && Object.keys(reference).length === 0;
    const node = typeof link === 'string' ? lock.nodes.get(link) : undefined;
    if (!isNamedOnly && !(node && node.isFlake === (flake !== false) && isSame(reference, name, node.original)))
      return { input, how: 'changed' };
    const within = typeof link === 'string' ? unlockedIn(asObject(inputs), lock, link, [...path, name]) : undefined;
    if (within) return within;
  }
  return undefined;
}

/** Whether a reference in flake.nix is the one that was locked. */
function isSame(reference: Readonly<Record<string, unknown>>, name: string, original: RefAttrs): boolean {
  if ('type' in reference) return areEqual(refAttrs(reference), original);
  const { url } = reference;
  if (url === undefined) return areEqual({ type: 'indirect', id: name }, original);
  if (Array.isArray(url)) return original['type'] === 'path' && String(url[0]).endsWith(plainPath(original['path']));
  if (typeof url !== 'string') return false;
  const attrs = attrsOf(url);
  if (attrs) return areEqual(attrs, original);
  // A folder in a repository is an input of type git.
  const folder = /^file:\/\/(.*)/s.exec(String(original['url']))?.[1];
  const isFolder = /^[./]/.test(url) && original['type'] === 'git' && folder !== undefined;
  return consistsOf(decoded(url), isFolder ? { ...original, url: folder } : original);
}

function areEqual(a: RefAttrs, b: RefAttrs): boolean {
  return Object.keys({ ...a, ...b }).every((name) => plainValue(name, a) === plainValue(name, b));
}

/** Parameters of an address are strings, whatever their type is in the lock. */
function plainValue(name: string, { [name]: value }: RefAttrs): string | undefined {
  if (value === undefined) return undefined;
  return name === 'path' ? plainPath(value) : String(value);
}

function plainPath(path: unknown): string {
  return String(path)
    .replace(/^(?:\.\/)+/, '')
    .replace(/(?<=.)\/+$/, '');
}

const REPOSITORY = /^(github|gitlab|sourcehut):([^/?#]+)\/([^/?#]+)(?:\/([^?#]+))?(?:\?(.*))?$/;
const INDIRECT = /^(?:flake:)?([a-zA-Z][\w-]*)(?:\/([^/?#:]+))?(?:\/([0-9a-f]{40}))?$/;
const PATH = /^path:([^?#]*)(?:\?(.*))?$/;
const REVISION = /^[0-9a-f]{40}$/;

/** The attributes of a reference of the usual kinds; `undefined` for those whose address is one of them. */
function attrsOf(url: string): RefAttrs | undefined {
  const [, type, owner, repo, revision, parameters] = REPOSITORY.exec(url) ?? [];
  if (type !== undefined && owner !== undefined && repo !== undefined)
    return { type, owner: decoded(owner), repo: decoded(repo), ...at(revision), ...query(parameters) };
  const [, path, more] = PATH.exec(url) ?? [];
  if (path !== undefined) return { type: 'path', path: decoded(path), ...query(more) };
  const [, id, first, second] = INDIRECT.exec(url) ?? [];
  return id === undefined ? undefined : { type: 'indirect', id, ...at(first), ...at(second) };
}

function at(revision: string | undefined): RefAttrs {
  if (revision === undefined) return {};
  return REVISION.test(revision) ? { rev: revision } : { ref: decoded(revision) };
}

function query(parameters = ''): RefAttrs {
  return Object.fromEntries(new URLSearchParams(parameters));
}

/** Whether an address is made of the values of a reference, and of nothing else but names of parameters. */
function consistsOf(url: string, original: RefAttrs): boolean {
  const scheme = `${String(original['type'])}+`;
  let rest = url.startsWith(scheme) ? url.slice(scheme.length) : url;
  const values = Object.entries(original).flatMap(([name, value]) =>
    name === 'type' ? [] : [String(typeof value === 'boolean' ? Number(value) : value)],
  );
  for (const value of values.toSorted((a, b) => b.length - a.length)) {
    if (!rest.includes(value)) return false;
    rest = rest.replace(value, () => ' ');
  }
  return /^[ /?&=#]*$/.test(rest.replace(/(?<=[?& ])\w+=/g, ''));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
