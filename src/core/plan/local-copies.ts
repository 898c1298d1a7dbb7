import { asPinned, type PinnedEntry } from '../catalogue/entries.ts';
import type { Plan, LocalCopy } from './plan.ts';

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
