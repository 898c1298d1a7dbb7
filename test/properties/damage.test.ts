import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAgreement } from '../support/agreement.ts';
import { compare, describe, tryRead } from '../support/comparison.ts';
import { damaged, REAL } from '../support/generators/damage.ts';
import { RUNS } from '../support/runs.ts';

test('real registries are read as Nix evaluates them', async (t) => {
  for (const { file, text } of REAL) assert.ok(tryRead(text), file);
  const verdicts = await compare(
    t,
    REAL,
    REAL.map(({ text }) => tryRead(text)),
  );
  for (const [index, verdict] of verdicts?.entries() ?? []) {
    assert.equal(verdict.nix?.kind, 'value', REAL[index]?.file);
    assert.equal(verdict.disagreement, undefined, describe(REAL[index]?.text ?? '', verdict));
  }
});

test('a damaged registry is refused, or read as Nix evaluates it', async (t) => {
  const tally = await assertAgreement(t, damaged, RUNS);
  if (!tally) return;
  assert.ok(tally.read > tally.tried / 5, `only ${tally.read} of ${tally.tried} were read: the damage is too great`);
  assert.ok(tally.compared > tally.read * 0.9, `Nix has a value of ${tally.compared} of ${tally.read} only`);
});

test('a registry that is cut off anywhere is refused, or read as Nix evaluates it', async (t) => {
  // All places where there is time for it; else other ones in each file.
  const step = Math.max(1, Math.round(20_000 / RUNS.numRuns));
  const texts = REAL.flatMap(({ text, path }, index) =>
    Array.from({ length: Math.ceil(text.length / step) }, (_, at) => ({
      text: text.slice(0, at * step + (index % step)),
      path,
    })),
  );
  const verdicts = await compare(
    t,
    texts,
    texts.map(({ text }) => tryRead(text)),
  );
  const index = verdicts?.findIndex(({ disagreement }) => disagreement) ?? -1;
  assert.equal(index, -1, describe(texts[index]?.text ?? '', verdicts?.[index] ?? {}));
});
