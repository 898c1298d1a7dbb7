import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WhisperError } from '../../src/core/errors.ts';
import { assertInBatches } from '../support/batches.ts';
import { askNix } from '../support/comparison.ts';
import { sourced } from '../support/generators/sourced.ts';
import type { NixOutcome } from '../support/nix-values.ts';
import { randomRuns } from '../support/runs.ts';
import { askForSources, meaningOf, print } from '../support/sources-in-nix.ts';
import { sourcesIn } from '../support/sources-text.ts';

test('sources in any shape are read as Nix evaluates them, or not at all', async (t) => {
  const tally = { tried: 0, read: 0 };
  const isTold = await assertInBatches(sourced, randomRuns(1000, 1), async (samples) => {
    const read = samples.map(({ text }) => sourcesIn(text));
    tally.tried += samples.length;
    tally.read += read.filter((each) => Array.isArray(each)).length;
    const outcomes = await askNix(
      t,
      samples.map(({ probe, path }) => askForSources(probe, path)),
    );
    return outcomes?.map((outcome, index) => {
      const found = read[index] ?? 'none';
      if (isAgreed(found, outcome)) return undefined;
      const own = found instanceof WhisperError ? found.message : JSON.stringify(found);
      return `read as ${own}, Nix: ${JSON.stringify(outcome)}\n${samples[index]?.text}`;
    });
  });
  if (isTold) assert.ok(tally.read > tally.tried / 8, JSON.stringify(tally));
});

function isAgreed(found: ReturnType<typeof sourcesIn>, outcome: NixOutcome): boolean {
  if (found === 'none') return outcome.kind !== 'value';
  if (found instanceof WhisperError) {
    if (found.code === 'registry-syntax') return outcome.kind === 'parse';
    // A wrong entry is an error even where Nix fails at another part.
    return found.code !== 'registry-bad-source' || [found.code, 'evaluation'].includes(meaningOf(outcome));
  }
  return 'computed' in found || print(found) === meaningOf(outcome);
}
