import { activeEntries } from '../../core/registry/registry.ts';
import { describeRoot } from '../../core/state/root.ts';
import type { Others } from '../session/roots.ts';

/** A registry that lists a model, and where. */
export interface Keeper {
  /** The file, with the list where that is not the usual one. */
  readonly registry: string;
  readonly file: string;
  /** From 1; `null` where the entry is computed, or the file is missing. */
  readonly line: number | null;
  /** Under which condition that registry defines its list. */
  readonly condition?: string;
  /** The file is missing, so its last list counts. */
  readonly missing?: true;
}

/** Which other registries list which models, or listed them before they went missing, by the models' names. */
export function keepersOf({
  lists,
  missing,
}: Pick<Others, 'lists' | 'missing'>): ReadonlyMap<string, readonly Keeper[]> {
  const keepers = new Map<string, Keeper[]>();
  const add = (name: string, keeper: Keeper): void => {
    const known = keepers.get(name);
    if (known) known.push(keeper);
    else keepers.set(name, [keeper]);
  };
  for (const { root, registry } of lists) {
    // Of a name that is repeated, the first line.
    const lines = new Map(
      activeEntries(registry)
        .toReversed()
        .map(({ name, line }) => [name, line]),
    );
    const { condition } = registry;
    for (const [name, line] of lines) {
      add(name, { registry: describeRoot(root), file: root.file, line, ...(condition !== undefined && { condition }) });
    }
  }
  for (const { root, active = [] } of missing) {
    for (const name of active) add(name, { registry: describeRoot(root), file: root.file, line: null, missing: true });
  }
  return keepers;
}
