import { addNames } from './add-names.ts';
import type { Addition } from './edit.ts';
import type { Reading, ReadOptions } from './registry.ts';
import { removeNames } from './remove-names.ts';
import type { Parse } from './step.ts';

export type Change =
  | { readonly kind: 'add'; readonly names: readonly string[] }
  | { readonly kind: 'remove'; readonly names: readonly string[]; readonly how: 'comment' | 'delete' };

export type Outcome = Addition | 'removed' | 'absent';

/** A changed registry text, read again and found to say exactly what was asked for. */
export interface Changed {
  readonly text: string;
  /** What happened to each name of the change, in its order. */
  readonly entries: readonly { readonly name: string; readonly how: Outcome }[];
}

/**
 * Makes a change of the list as text edits inside its brackets, as many names at a time as can be without changing what each
 * edit does, and checks each step by reading the new text again. Throws `registry-edit-refused` (exit 3) rather than hand out
 * a text that says anything else. `evaluated`: the whole list as Nix has it, where a part of it is computed.
 */
export function changeRegistry(
  reading: Reading,
  change: Change,
  parse: Parse,
  options: ReadOptions,
  evaluated: readonly string[] = [],
): Changed {
  const { names } = change;
  const { text, outcomes } =
    change.kind === 'add'
      ? addNames(reading, names, evaluated, parse, options)
      : removeNames(reading, change, evaluated, parse, options);
  return { text, entries: names.map((name) => ({ name, how: outcomes.get(name) ?? 'absent' })) };
}
