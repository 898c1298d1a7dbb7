/** What has the name of a model; `right`: the catalogue's bytes, `corrupt`: as many others, `short`: only the first of them. */
export interface Thing {
  kind: 'right' | 'corrupt' | 'short' | 'own' | 'link' | 'dangling' | 'folder';
  /** Whether the program knows its bytes: it fetched or hashed them, and wrote that down. */
  noted: boolean;
  /** Published by whisper, and therefore read-only. */
  published: boolean;
  /** Tells this very file from others that had the name. */
  mtime: number | undefined;
}

export interface Registry {
  active: Set<string>;
  text: 'fine' | 'broken' | 'gone';
}

export type Letter = 'A' | 'B';

/** What the folder and the registries should be, by short names. */
export interface Expected {
  readonly things: Map<string, Thing>;
  readonly registries: Readonly<Record<Letter, Registry>>;
  /** The registries that have used the folder, with the list that is noted of each. */
  readonly roots: Map<Letter, ReadonlySet<string>>;
  /** Unfinished downloads that may be there. */
  readonly partials: Set<string>;
  /** The number of possibly own files that a repair renamed. */
  aside: number;
  isHubThere: boolean;
}

export function beginning(): Expected {
  const registry = (...active: readonly string[]): Registry => ({ active: new Set(active), text: 'fine' });
  return {
    things: new Map(),
    registries: { A: registry('tiny.en', 'base.en-q5_1'), B: registry('small') },
    roots: new Map(),
    partials: new Set(),
    aside: 0,
    isHubThere: true,
  };
}

/** Whether the program sees a file there: a folder is none, nor is a link that leads nowhere. */
export function isFile(thing: Pick<Thing, 'kind'> | undefined): boolean {
  return thing !== undefined && thing.kind !== 'dangling' && thing.kind !== 'folder';
}

/** What other registries have to say; `undefined` where one of them cannot be read. */
export function listedElsewhere({ registries, roots }: Expected, by: Letter): ReadonlySet<string> | undefined {
  const others = [...roots.keys()].filter((root) => root !== by);
  if (others.some((root) => registries[root].text === 'broken')) return undefined;
  return new Set(others.flatMap((root) => [...countingList({ registries, roots }, root)]));
}

/** What a root lists; of one whose file is missing, what it listed last. */
export function countingList(
  { registries, roots }: Pick<Expected, 'registries' | 'roots'>,
  root: Letter,
): ReadonlySet<string> {
  const { text, active } = registries[root];
  return text === 'gone' ? (roots.get(root) ?? new Set()) : active;
}

/** What the rules let a prune remove: what has the catalogue's bytes, as hashing tells where nothing was written down. */
export function removable({ things }: Expected, listed: ReadonlySet<string>, unmanaged: boolean): readonly string[] {
  const kinds = unmanaged ? ['right', 'corrupt', 'short', 'own'] : ['right'];
  return [...things].filter(([name, { kind }]) => !listed.has(name) && kinds.includes(kind)).map(([name]) => name);
}

/** What has to be hashed before it is known whether it may be removed. */
export function unverified({ things }: Expected, listed: ReadonlySet<string>): readonly string[] {
  const isUnverified = ({ kind, noted }: Thing): boolean => !noted && ['right', 'corrupt'].includes(kind);
  return [...things].filter(([name, thing]) => !listed.has(name) && isUnverified(thing)).map(([name]) => name);
}
