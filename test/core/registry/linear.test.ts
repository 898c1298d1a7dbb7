import { countSteps } from '../../support/count-steps.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNix } from '../../../src/adapters/registry/parser.ts';
import { WhisperError } from '../../../src/core/errors.ts';
import { loadCatalogue } from '../../../src/core/catalogue/catalogue.ts';
import { changeRegistry, type Change } from '../../../src/core/registry/edit/change.ts';
import { commentedEntries } from '../../../src/core/registry/edit/edit.ts';
import { fixList } from '../../../src/core/registry/edit/fix.ts';
import { lint } from '../../../src/core/registry/lint.ts';
import { isComputed } from '../../../src/core/registry/list.ts';
import { readStatically } from '../../../src/core/registry/read-registry.ts';
import { activeEntries, asRegistry, type Reading } from '../../../src/core/registry/registry.ts';
import { editableLists } from '../../../src/core/registry/edit/step.ts';
import { LONG, REFUSED } from '../../support/long-registries.ts';

const OPTIONS = { file: 'x.nix', environment: {} };
const SIZE = 200;
// Twice the text is twice the work. What is constant makes it less, logarithms and chance a little more; the square is 4.
const MOST = 2.5;

function read(text: string): Reading {
  return readStatically(parseNix, text, OPTIONS);
}

/** The engine sometimes counts what it does beside the work. */
function leastSteps(work: () => void): number {
  return Math.min(...Array.from({ length: 3 }, () => countSteps(work)));
}

function edit(reading: Reading, change: Change): void {
  try {
    changeRegistry(reading, change, parseNix, OPTIONS);
  } catch (error) {
    // A list that is not all in brackets of its own may be refused.
    if (!(error instanceof WhisperError)) throw error;
  }
}

const WORK: Readonly<Record<string, (reading: Reading) => void>> = {
  reading: ({ text }) => void read(text),
  linting: (reading) => {
    const registry = asRegistry(reading);
    if (isComputed(registry)) return;
    // Before it gives up looking for near names.
    for (const _ of lint(registry, new Map(), new Set()));
    activeEntries(registry);
  },
  adding: (reading) => edit(reading, { kind: 'add', names: ['ggml-base.bin', 'ggml-small.bin', 'ggml-medium.bin'] }),
  removing: (reading) => edit(reading, { kind: 'remove', names: ['ggml-tiny.bin', 'ggml-1.bin'], how: 'comment' }),
  deleting: (reading) => edit(reading, { kind: 'remove', names: ['ggml-tiny.bin', 'ggml-1.bin'], how: 'delete' }),
  fixing: (reading) => {
    const registry = asRegistry(reading);
    if (!isComputed(registry)) fixList(reading, [...lint(registry, loadCatalogue(), new Set())], parseNix, OPTIONS);
  },
  'finding commented entries': (reading) => void commentedEntries(reading.text, editableLists(reading)),
};

for (const { shape, text } of LONG) {
  test(`the work for ${shape} grows as the text does`, () => {
    const [small, large] = [read(text(SIZE)), read(text(2 * SIZE))];
    assert.ok(
      small.value.every((part) => !isComputed(part)),
      'it is read',
    );
    for (const [kind, work] of Object.entries(WORK)) {
      work(small);
      const [less, more] = [leastSteps(() => work(small)), leastSteps(() => work(large))];
      assert.ok(less > 0 && more / less < MOST, `${kind}: ${less} steps, then ${more}`);
    }
  });
}

for (const { shape, text } of REFUSED) {
  test(`too many ${shape} are refused after the same work, however many there are`, () => {
    const refused = (size: number): void => {
      let reading: Reading;
      try {
        reading = read(text(size));
      } catch (error) {
        assert.ok(error instanceof WhisperError && error.exitCode === 3);
        return;
      }
      assert.ok(size < 500 || reading.value.some(isComputed));
    };
    refused(1000);
    const [less, more] = [countSteps(() => refused(1000)), countSteps(() => refused(2000))];
    assert.ok(more / less < MOST, `${less} steps, then ${more}`);
  });
}

test('a chain of twenty thousand names is read', () => {
  assert.equal(read(LONG[0]?.text(20_000) ?? '').value.filter((part) => !isComputed(part)).length, 1);
});
