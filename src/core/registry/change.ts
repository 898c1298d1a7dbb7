import { WhisperError } from '../errors.ts';
import { addEntry, quote, removeEntry, type Addition } from './edit.ts';
import { readRegistry, type ReadOptions, type Registry } from './registry.ts';
import type { SyntaxNode } from './syntax.ts';
import { applyEdits, type TextEdit } from './text-edit.ts';

/** Parses Nix source text; never throws. */
export type Parse = (text: string) => SyntaxNode;

export type Change =
  | { readonly kind: 'add'; readonly names: readonly string[] }
  | { readonly kind: 'remove'; readonly names: readonly string[]; readonly how: 'comment' | 'delete' };

/** A changed registry text, read again and found to say exactly what was asked for. */
export interface Changed {
  readonly text: string;
  /** What happened to each name of the change, in its order. */
  readonly entries: readonly { readonly name: string; readonly how: Addition | 'removed' | 'absent' }[];
}

/**
 * Makes a change of the list as text edits inside its brackets, one name after the other, each checked by reading the
 * new text again. Throws `registry-edit-refused` (exit 3) rather than hand out a text that says anything else.
 */
export function changeRegistry(registry: Registry, change: Change, parse: Parse, options: ReadOptions): Changed {
  let current = registry;
  const entries = change.names.map((name) => {
    let how: Addition | 'removed' | 'absent' | undefined;
    // A name that is listed twice is removed in two steps, each seen by the next.
    for (;;) {
      const step = stepFor(current, change, name);
      how ??= step.how;
      if (step.edits.length === 0) return { name, how };
      current = applyChecked(current, step.edits, change, name, parse, options);
    }
  });
  return { text: current.text, entries };
}

function stepFor(
  registry: Registry,
  change: Change,
  name: string,
): { edits: readonly TextEdit[]; how: Addition | 'removed' | 'absent' } {
  if (change.kind === 'add') return addEntry(registry.text, registry.list, name);
  const edits = removeEntry(registry.text, registry.list, name, change.how);
  return { edits, how: edits.length > 0 ? 'removed' : 'absent' };
}

function applyChecked(
  before: Registry,
  edits: readonly TextEdit[],
  change: Change,
  name: string,
  parse: Parse,
  options: ReadOptions,
): Registry {
  const text = applyEdits(before.text, edits);
  const after = readAgain(text, before, change, name, parse, options);
  const grown = text.length - before.text.length;
  const keepsPlace = after.list.start === before.list.start && after.list.end === before.list.end + grown;
  if (!keepsPlace || !isExactly(after, before, change, name)) throw refusal(before, change, name);
  return after;
}

function readAgain(
  text: string,
  before: Registry,
  change: Change,
  name: string,
  parse: Parse,
  options: ReadOptions,
): Registry {
  try {
    return readRegistry(parse(text), text, options);
  } catch (cause) {
    throw refusal(before, change, name, cause);
  }
}

function isExactly(after: Registry, before: Registry, change: Change, name: string): boolean {
  const old = before.list.elements.map(({ value }) => value);
  const now = after.list.elements.map(({ value }) => value);
  const others = (values: readonly string[]): string => JSON.stringify(values.filter((value) => value !== name));
  const count = (values: readonly string[]): number => values.filter((value) => value === name).length;
  return others(old) === others(now) && count(now) - count(old) === (change.kind === 'add' ? 1 : -1);
}

function refusal(registry: Registry, change: Change, name: string, cause?: unknown): WhisperError {
  const what =
    change.kind === 'add'
      ? `Add the line ${quote(name)} to ${registry.attrpath}`
      : `Take ${quote(name)} out of ${registry.attrpath}`;
  return new WhisperError(
    'registry-edit-refused',
    `${registry.file}: the list cannot be edited without changing something else, so the file was left alone`,
    `${what} by hand.`,
    { cause },
  );
}
