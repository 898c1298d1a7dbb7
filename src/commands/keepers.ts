import { describeRoot } from '../core/models/root.ts';
import { activeEntries } from '../core/registry/registry.ts';
import type { Others } from './other-roots.ts';

/** A registry that lists a model, and where. */
export interface Keeper {
  /** The file, with the list where that is not the usual one. */
  readonly registry: string;
  readonly file: string;
  /** From 1; `null` where the entry is computed. */
  readonly line: number | null;
}

/** Who of the other registries lists which models, by their names. */
export function keepersOf(lists: Others['lists']): ReadonlyMap<string, readonly Keeper[]> {
  const keepers = new Map<string, Keeper[]>();
  for (const { root, registry } of lists) {
    // Of a name that is repeated, the first line.
    const lines = new Map(
      activeEntries(registry)
        .toReversed()
        .map(({ name, line }) => [name, line]),
    );
    for (const [name, line] of lines) {
      const known = keepers.get(name);
      const keeper = { registry: describeRoot(root), file: root.file, line };
      if (known) known.push(keeper);
      else keepers.set(name, [keeper]);
    }
  }
  return keepers;
}
