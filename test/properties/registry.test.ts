import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { WhisperError } from '../../src/core/errors.ts';
import { name, registry } from '../support/generators.ts';
import { add, listsIn, namesIn, remove, removeLine } from '../support/registry-text.ts';

// fast-check prints the seed of a failure; run it again with { seed, path } in the parameters.
const RUNS = { numRuns: 300 };

test('reads what the file was made of', () => {
  fc.assert(
    fc.property(registry, ({ text, names }) => assert.deepEqual(namesIn(text), names)),
    RUNS,
  );
});

test('add: one model more, and nothing outside of the list changes', () => {
  fc.assert(
    fc.property(registry, name, ({ text, names }, added) => {
      const after = add(text, added);
      assert.deepEqual(namesIn(after).toSorted(), [...new Set([...names, added])].toSorted());
      assert.deepEqual(
        namesIn(after).filter((each) => each !== added),
        names.filter((each) => each !== added),
      );
      assertSameOutside(text, after);
      if (!names.includes(added)) assert.equal(removeLine(after, added), text);
    }),
    RUNS,
  );
});

test('remove: one model less, nothing outside of the list changes, and add brings the bytes back', () => {
  fc.assert(
    fc.property(registry, fc.nat(), ({ text, names }, index) => {
      const removed = names[index % Math.max(1, names.length)];
      if (removed === undefined) return;
      const after = remove(text, removed);
      assert.deepEqual(
        namesIn(after),
        names.filter((each) => each !== removed),
      );
      assertSameOutside(text, after);
      // An element without a line of its own is deleted, and comes back at the end.
      if (after.length > text.length) assert.equal(add(after, removed), text);
    }),
    RUNS,
  );
});

test('a text cut off or with a character too many is refused, or says the same', () => {
  fc.assert(
    fc.property(
      registry,
      fc.nat(),
      fc.constantFrom('', ',', ';', '"', "''", ']', '[', '#', '{', '}', '='),
      ({ text }, at, extra) => {
        const offset = at % text.length;
        const damaged = extra === '' ? text.slice(0, offset) : text.slice(0, offset) + extra + text.slice(offset);
        compareWithNix([damaged]);
      },
    ),
    { numRuns: 60, seed: 20_261_123 },
  );
});

test('is what nix evaluates', (t) => {
  if (!hasNix) return t.skip('nix is not installed');
  const texts = fc.sample(registry, { numRuns: 300, seed: 20_261_123 }).map(({ text }) => text);
  compareWithNix(texts);
});

// Nix refuses these files as a whole, the grammar does not see it. The list in them is read as it stands.
const KNOWN_GAPS = /undefined variable/;

const hasNix = spawnSync('nix-instantiate', ['--version']).status === 0;

/** Where the reader gives a list, Nix has to give the same. */
function compareWithNix(texts: readonly string[]): void {
  const read = texts.map((text) => {
    try {
      return { text, names: namesIn(text) };
    } catch (error) {
      if (error instanceof WhisperError) return undefined;
      throw error;
    }
  });
  const readable = read.filter((each) => each !== undefined);
  if (!hasNix || readable.length === 0) return;
  const values = readable.map(({ text }) => `(call (${text}\n))`);
  const source = `let call = v: if builtins.isFunction v then call (v (builtins.mapAttrs (n: d: { }) (builtins.functionArgs v))) else v.activeModels; in [ ${values.join('\n')} ]`;
  const flags = ['--eval', '--strict', '--json', '--store', 'dummy://', '--option', 'restrict-eval', 'true', '-'];
  const { stdout, stderr, status } = spawnSync('nix-instantiate', flags, {
    input: source,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0 && KNOWN_GAPS.test(stderr)) return;
  assert.equal(status, 0, `nix refuses what was read: ${stderr}\n${readable.length === 1 ? readable[0]?.text : ''}`);
  assert.deepEqual(
    JSON.parse(stdout),
    readable.map(({ names }) => names),
  );
}

function assertSameOutside(before: string, after: string): void {
  const [old] = listsIn(before);
  const [now] = listsIn(after);
  assert.ok(old && now);
  assert.equal(after.slice(0, now.start), before.slice(0, old.start));
  assert.equal(after.slice(now.end), before.slice(old.end));
}
