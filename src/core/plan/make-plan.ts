import { asPinned, type CatalogueEntry, type PinnedEntry } from '../catalogue/entries.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { totalSize } from '../quantity.ts';
import { isRecorded, managedState, matchesEntry, unmanagedReason } from './managed.ts';
import type { Actual, Desired, LocalCopy, ModelFile, Plan, Sized, TrashState } from './plan.ts';

export function makePlan(desired: Desired, actual: Actual, catalogue: Catalogue): Plan {
  const listed = new Set([...desired.active, ...(desired.elsewhere ?? []), ...desired.wanted]);
  const taken = new Set(actual.files.map(({ name }) => name));
  const undo = planTrash(actual.undo, listed, taken);
  const files = [...actual.files, ...undo.restore].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const unlisted = files.filter((file) => !listed.has(file.name));
  const states = new Map(unlisted.map((file) => [file.name, managedState(file, catalogue)]));
  const mayGo = unlisted.filter(
    ({ name, isLink }) => !isLink && (desired.unmanaged || states.get(name) !== 'unmanaged'),
  );
  const unused = desired.prune ? mayGo.filter(({ name }) => !desired.users.has(name)) : [];
  const needsHash = ({ name }: ModelFile): boolean => !desired.unmanaged && states.get(name) === 'unverified';
  const prune = unused.filter((file) => !needsHash(file));
  const going = new Set(prune.map(({ name }) => name));
  const stalePartials = desired.prune
    ? actual.partials.filter(({ name, isRunning }) => !isRunning && !listed.has(name)).map(sized)
    : [];
  const expired = desired.prune ? undo.expired : [];
  const wanted = planWanted(desired, files, actual.partials, catalogue);
  return {
    ...wanted,
    adopt: [],
    kept: files.filter((file) => listed.has(file.name)).map(({ name }) => name),
    prune: prune.map(sized),
    unverified: unused.filter(needsHash).map(sized),
    inUse: mayGo.flatMap((file) => {
      const users = desired.prune ? desired.users.get(file.name) : undefined;
      return users ? [{ ...sized(file), users }] : [];
    }),
    restore: undo.restore.map(({ name }) => name),
    expired,
    reserve: desired.elsewhere ? undo.reserve : [],
    unmanaged: unlisted
      .filter(({ name }) => states.get(name) === 'unmanaged' && !going.has(name))
      .map((file) => ({ ...sized(file), reason: unmanagedReason(file, catalogue) })),
    running: actual.partials.filter(({ isRunning }) => isRunning).map(sized),
    stalePartials,
    refusal: undefined,
    needed: totalSize(wanted.fetch.map(({ toWrite }) => ({ size: toWrite }))),
    freed: totalSize([...prune, ...stalePartials, ...expired]),
    used: totalSize([...actual.files, ...actual.partials, ...actual.undo.files]),
    free: actual.free,
  };
}

function planWanted(
  desired: Desired,
  there: readonly ModelFile[],
  unfinished: Actual['partials'],
  catalogue: Catalogue,
): Pick<Plan, 'fetch' | 'present' | 'blocked' | 'unknown' | 'replaced'> {
  const files = new Map(there.map((file) => [file.name, file]));
  const partials = new Map(unfinished.map((partial) => [partial.name, partial]));
  const fetch: Plan['fetch'][number][] = [];
  // An unfinished download is written again in place, so its bytes are not needed a second time.
  const toWrite = ({ file, size = 0 }: CatalogueEntry): number => Math.max(0, size - (partials.get(file)?.size ?? 0));
  const blocked: Plan['blocked'][number][] = [];
  const present: string[] = [];
  const unknown: string[] = [];
  for (const name of new Set(desired.wanted)) {
    const file = files.get(name);
    const entry = catalogue.get(name);
    if (!entry) (file ? present : unknown).push(name);
    else if (file && !isRefetched(desired.refetch, name) && matchesEntry(file, entry)) present.push(name);
    else if (file && !isRefetched(desired.refetch, name))
      blocked.push({ ...sized(file), expected: entry.size ?? file.size, isOwn: isRecorded(file) });
    else fetch.push({ entry, received: partials.get(name)?.received ?? 0, toWrite: toWrite(entry) });
  }
  const replaced = totalSize(fetch.flatMap(({ entry }) => files.get(entry.file) ?? []));
  return { fetch, present, blocked, unknown, replaced };
}

function sized({ name, size }: Sized): Sized {
  return { name, size };
}

/** Whether a wanted model is fetched although a file has its name. */
export function isRefetched(refetch: Desired['refetch'], name: string): boolean {
  return typeof refetch === 'boolean' ? refetch : refetch.has(name);
}

interface TrashPlan {
  /** Listed again: they are moved back. */
  readonly restore: readonly ModelFile[];
  /** No registry lists them, and no session holds them. */
  readonly expired: readonly Sized[];
  /** Held by a session, which frees them when a download needs the space. */
  readonly reserve: readonly Sized[];
}

/** Restores listed files of the trash, frees the others. `taken`: names in the models directory, never replaced. */
function planTrash(undo: TrashState, listed: ReadonlySet<string>, taken: ReadonlySet<string>): TrashPlan {
  const mayGoBack = ({ name }: Sized): boolean => !taken.has(name) && listed.has(name);
  const rest = undo.files.filter((each) => !mayGoBack(each));
  return {
    restore: undo.files.filter(mayGoBack),
    expired: undo.isHeld ? [] : rest.map(sized),
    reserve: undo.isHeld ? rest.map(sized) : [],
  };
}

/** The entries that a file elsewhere can be compared with. */
export function pinnedEntries(fetch: Plan['fetch']): readonly PinnedEntry[] {
  return fetch.flatMap(({ entry }) => asPinned(entry) ?? []);
}

/** The plan where models that have candidates are adopted, and need no space if one of those can be linked to. */
export function planAdoptions(plan: Plan, candidates: readonly LocalCopy[]): Plan {
  const sourcesOf = (name: string): readonly LocalCopy[] => candidates.filter((candidate) => candidate.name === name);
  const adopt = plan.fetch.flatMap(({ entry, toWrite }) => {
    const sources = sourcesOf(entry.file).toSorted((a, b) => Number(b.mayLink) - Number(a.mayLink));
    return sources.length > 0 ? [{ entry, sources, toWrite: sources[0]?.mayLink === true ? 0 : toWrite }] : [];
  });
  const fetch = plan.fetch.filter(({ entry }) => sourcesOf(entry.file).length === 0);
  const needed = [...adopt, ...fetch].reduce((sum, { toWrite }) => sum + toWrite, 0);
  return { ...plan, adopt, fetch, needed };
}
