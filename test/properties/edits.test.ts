import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type NameOf, shortName } from '../../src/core/catalogue/names.ts';
import { WhisperError } from '../../src/core/errors.ts';
import type { Change, Changed } from '../../src/core/registry/edit/change.ts';
import type { Addition } from '../../src/core/registry/edit/edit.ts';
import type { Registry } from '../../src/core/registry/registry.ts';
import { assertAgreement } from '../support/agreement.ts';
import { tryRead } from '../support/comparison.ts';
import { assertChanged, assertRestIsSame } from '../support/edit-checks.ts';
import { change, meaning } from '../support/generators/changes.ts';
import { evaluatedModule } from '../support/generators/modules.ts';
import { registry, type Generated } from '../support/generators/registries.ts';
import { changeText, readText } from '../support/registry-text.ts';
import { randomRuns } from '../support/runs.ts';

test('an edit has the requested effect, can be undone, and Nix evaluates its result', async (t) => {
  const edited = fc.tuple(registry, change, meaning).map(([sample, asked, nameOf]) => edit(sample, asked, nameOf));
  const tally = await assertAgreement(t, edited, randomRuns(1000, 1), (each) => {
    const { before, text, asked, changed, error, nameOf } = each;
    if (error) throw error;
    if (!before || !changed) return;
    const after = readText(text);
    const names = (all: Registry): readonly string[] => valuesOf(all).map(nameOf);
    assertChanged(names(before), names(after), asked);
    assertSaid(names(before), changed, asked);
    assertRestIsSame(before, after, spellings(asked.names, nameOf), asked.kind === 'remove' && asked.how === 'delete');
    if (asked.kind === 'add') {
      assertSpelled(before, after, changed, nameOf);
      assertGoesAgain(before, changed, nameOf);
    } else if (asked.how === 'comment') assertComesBack(before, text, asked.names, nameOf);
  });
  if (tally) assert.equal(tally.compared, tally.read, 'Nix has no value of some');
});

/** All spellings of some names. */
function spellings(names: readonly string[], nameOf: NameOf): readonly string[] {
  return names.flatMap((name) => (nameOf(shortName(name)) === name ? [name, shortName(name)] : [name]));
}

/** What was appended is short where all entries were. */
function assertSpelled(before: Registry, after: Registry, { entries }: Changed, nameOf: NameOf): void {
  const old = valuesOf(before);
  const areShort = old.length > 0 && old.every((value) => nameOf(value) !== value);
  for (const { name, how } of entries) {
    if (how !== 'appended') continue;
    const isShort = areShort && nameOf(shortName(name)) === name;
    const found = valuesOf(after).filter((value) => nameOf(value) === name);
    assert.deepEqual(found, [isShort ? shortName(name) : name]);
  }
}

/** What was appended goes without a trace; what was a comment was in the file before. */
function assertGoesAgain({ text: before }: Registry, { text, entries }: Changed, nameOf: NameOf): void {
  const those = (wanted: Addition): readonly string[] =>
    entries.filter(({ how }) => how === wanted).map(({ name }) => name);
  const uncommented = those('uncommented');
  const add: Change = { kind: 'add', names: uncommented };
  const without = uncommented.length > 0 ? changeText(before, add, { nameOf }).text : before;
  const remove: Change = { kind: 'remove', names: those('appended'), how: 'delete' };
  assert.equal(changeText(text, remove, { nameOf }).text, without);
}

/** An element on a line of its own became a comment, and comes back as it was. Others were deleted, and come back at the end. */
function assertComesBack(
  { text: before }: Registry,
  text: string,
  [name, ...others]: readonly string[],
  nameOf: NameOf,
): void {
  const onOwnLine = text.length === before.length + '# '.length;
  if (name === undefined || others.length > 0 || !onOwnLine) return;
  // If the name is in a comment already, that may be what comes back.
  const isCommented = spellings([name], nameOf).some((each) =>
    new RegExp(`#\\s*"${each.replaceAll('.', '\\.')}"`).test(before),
  );
  if (!isCommented) assert.equal(changeText(text, { kind: 'add', names: [name] }, { nameOf }).text, before);
}

// Without what is between them, two indented strings would become one.
const TOUCHING = /''"|"''/;

interface Edited {
  /** `undefined`: it cannot be read. */
  readonly before: Registry | undefined;
  readonly asked: Change;
  /** What the entries mean: models, or strings as they are written. */
  readonly nameOf: NameOf;
  /** After the edit; the text before where there was none. */
  readonly text: string;
  readonly path: readonly string[];
  readonly probe?: string;
  readonly changed?: Changed;
  readonly error?: unknown;
}

/** Makes a change of a readable list. It may be refused where the list is not all written out in one place, or without a blank. */
function edit({ text, path, level, isModule, isShared }: Generated, asked: Change, nameOf: NameOf): Edited {
  const probed = (after: string): { readonly probe?: string } => (isModule ? { probe: evaluatedModule(after) } : {});
  const none = { before: undefined, asked, nameOf, text, ...probed(text), path };
  if (level === 'beyond' && !tryRead(text)) return none;
  try {
    const before = readText(text);
    const changed = changeText(text, asked, { nameOf });
    return { before, asked, nameOf, text: changed.text, ...probed(changed.text), path, changed };
  } catch (error) {
    const isRefusal = error instanceof WhisperError && error.exitCode === 3;
    return isRefusal && (level !== 'literal' || isShared || TOUCHING.test(text)) ? none : { ...none, error };
  }
}

function valuesOf({ entries }: Registry): readonly string[] {
  return entries.map(({ value }) => value);
}

/** Each name has its own entry in what is said about the edit. */
function assertSaid(old: readonly string[], { entries }: Changed, { kind, names }: Change): void {
  const isChanged = (name: string): boolean => old.includes(name) === (kind === 'remove');
  assert.deepEqual(
    entries.map(({ name, how }) => [name, how !== 'present' && how !== 'absent']),
    names.map((name) => [name, isChanged(name)]),
  );
}
