import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WhisperError } from '../../src/core/errors.ts';
import {
  checkSources,
  type ModelSource,
  type RawSource,
  SOURCE_ATTRIBUTES,
} from '../../src/core/registry/sources/source.ts';
import { assertInBatches } from '../support/batches.ts';
import { askNix } from '../support/comparison.ts';
import { sourced } from '../support/generators/sourced.ts';
import type { NixOutcome } from '../support/nix-values.ts';
import { randomRuns } from '../support/runs.ts';
import { sourcesIn } from '../support/sources-text.ts';

test('sources in any shape are read as Nix evaluates them, or not at all', async (t) => {
  const tally = { tried: 0, read: 0, refused: 0 };
  const isTold = await assertInBatches(sourced, randomRuns(1000, 1), async (samples) => {
    const read = samples.map(({ text }) => sourcesIn(text));
    const outcomes = await askNix(
      t,
      samples.map(({ probe, path }) => ({ text: inPairs(probe, path), path: ['pairs'] })),
    );
    return outcomes?.map((outcome, index) => {
      const found = read[index];
      tally.tried += 1;
      if (found === undefined || found === 'none')
        return outcome.kind === 'value' ? complaint('none', samples[index]?.text, outcome) : undefined;
      if ('computed' in found) return undefined;
      const expected = meaningOf(outcome);
      if (found instanceof WhisperError && found.code !== 'registry-bad-source') {
        return found.code === 'registry-syntax' && outcome.kind !== 'parse'
          ? complaint(found.code, samples[index]?.text, outcome)
          : undefined;
      }
      const own = found instanceof WhisperError ? found.code : rows(found);
      tally[found instanceof WhisperError ? 'refused' : 'read'] += 1;
      const isRefused = own === 'registry-bad-source' && expected === 'evaluation';
      return own === expected || isRefused ? undefined : complaint(own, samples[index]?.text, outcome);
    });
  });
  if (!isTold) return;
  assert.ok(tally.read > tally.tried / 8, JSON.stringify(tally));
});

/** An attribute named `outPath` would replace its set in the JSON of Nix. */
function inPairs(probe: string, path: readonly string[]): string {
  const pairs = 'map (name: { inherit name; value = value.${name}; }) (builtins.attrNames value)';
  return `let ${CALL} value = (call (\n${probe}\n)).${path.join('.')}; in { pairs = if builtins.isAttrs value then ${pairs} else null; }`;
}

const CALL =
  'call = value: if builtins.isFunction value then call (value (builtins.mapAttrs (name: _: throw name) (builtins.functionArgs value))) else value;';

function complaint(own: string, text: string | undefined, outcome: NixOutcome): string {
  return `read as ${own}, Nix: ${JSON.stringify(outcome)}\n${text}\nas JSON: ${JSON.stringify(text)}`;
}

function rows(sources: readonly ModelSource[]): string {
  const printed = sources.map(({ key, file, url, sha256, size }) => [key, file, url, sha256, size].join('\n'));
  return JSON.stringify(printed.toSorted());
}

/** The sources that a value of Nix means, or the code of the error. */
function meaningOf(outcome: NixOutcome): string {
  if (outcome.kind !== 'value') return outcome.kind;
  const { value } = outcome;
  if (!Array.isArray(value)) return 'registry-bad-source';
  const raw = value.map(({ name: key, value: entry }: { name: string; value: unknown }): RawSource => {
    if (typeof entry !== 'object' || entry === null) return { key, attributes: undefined, instead: typeof entry };
    const known = SOURCE_ATTRIBUTES.flatMap((name) => {
      const own: unknown = (entry as Record<string, unknown>)[name];
      if (own === undefined) return [];
      return [[name, typeof own === 'string' || typeof own === 'number' ? own : { other: typeof own }]];
    });
    return { key, attributes: Object.fromEntries(known) as RawSource['attributes'] };
  });
  try {
    return rows(checkSources(raw, () => undefined));
  } catch (error) {
    if (error instanceof WhisperError) return error.code;
    throw error;
  }
}
