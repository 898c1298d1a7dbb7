import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseNix } from '../../src/adapters/registry/parser.ts';
import { WhisperError } from '../../src/core/errors.ts';
import { changeRegistry, type Change, type Known } from '../../src/core/registry/edit/change.ts';
import { readStatically } from '../../src/core/registry/read-registry.ts';
import { assertInBatches, failureOf } from '../support/batches.ts';
import { assertChanged } from '../support/edit-checks.ts';
import { change, meaning } from '../support/generators/changes.ts';
import { partlyComputedRegistry } from '../support/generators/registries.ts';
import { nixValues, type NixOutcome } from '../support/nix-values.ts';
import { randomRuns } from '../support/runs.ts';

const OPTIONS = { file: 'x.nix', environment: {} };

test('an edit of a partly computed list is refused, or has the requested effect in Nix', async (t) => {
  const tally = { edited: 0, tried: 0 };
  const edits = fc.tuple(partlyComputedRegistry, change, meaning);
  const isTold = await assertInBatches(edits, randomRuns(1000, 1), async (samples) => {
    const questions = samples.map(([{ probe, path }]) => ({ text: probe, path }));
    const before = await nixValues(t, questions);
    const changed = samples.map(([{ probe }, asked, nameOf], index) => {
      const evaluated = before?.[index];
      // Names that lead to each other have no value to begin with, and one that a function binds again may be anything.
      return evaluated?.kind === 'value' && Array.isArray(evaluated.value)
        ? tryChange(probe, asked, { evaluated: valueOf(evaluated), nameOf })
        : undefined;
    });
    const after = await nixValues(
      t,
      samples.map(([{ path }], index) => ({ text: changed[index] ?? '', path })),
    );
    tally.tried += samples.length;
    tally.edited += changed.filter((text, index) => text !== undefined && text !== samples[index]?.[0].probe).length;
    return after?.map((outcome, index) => {
      const [, asked, nameOf] = samples[index] as (typeof samples)[0];
      if (changed[index] === undefined) return undefined;
      return failureOf(() => assertChanged(valueOf(before?.[index]).map(nameOf), valueOf(outcome).map(nameOf), asked));
    });
  });
  if (isTold) assert.ok(tally.edited > tally.tried / 10, `only ${tally.edited} of ${tally.tried} were edited`);
});

/** `undefined`: the edit is refused. */
function tryChange(text: string, asked: Change, known: Known): string | undefined {
  try {
    const reading = readStatically(parseNix, text, OPTIONS);
    return changeRegistry(reading, asked, parseNix, OPTIONS, known).text;
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    assert.equal(error.exitCode, 3);
    return undefined;
  }
}

function valueOf(outcome: NixOutcome | undefined): readonly string[] {
  assert.equal(outcome?.kind, 'value');
  return outcome?.kind === 'value' ? (outcome.value as readonly string[]) : [];
}
