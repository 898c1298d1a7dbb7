import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assertAgreement } from '../support/agreement.ts';
import { askNix, tryRead } from '../support/comparison.ts';
import { registry } from '../support/generators/registries.ts';
import { unreadable } from '../support/generators/unreadable.ts';
import { RUNS } from '../support/runs.ts';

// fast-check prints the seed and the path of a failure, and the text that it shrank it to.

test('a list in any layout is read as it was generated and as Nix evaluates it', async (t) => {
  const tally = await assertAgreement(t, registry, RUNS, ({ names, level }, read) => {
    if (level !== 'beyond') assert.ok(read, `a ${level} list is not read`);
    if (read && names) assert.deepEqual(read, names);
  });
  if (!tally) return;
  assert.equal(tally.compared, tally.read, 'Nix has no value of some: the generator makes what it does not mean');
});

test('a computed list is refused, whatever surrounds it', () => {
  fc.assert(
    fc.property(unreadable, (text) => assert.equal(tryRead(text), undefined)),
    RUNS,
  );
});

test('Nix parses the generated computed lists', async (t) => {
  const texts = fc.sample(unreadable, { ...RUNS, numRuns: 500 });
  const outcomes = await askNix(
    t,
    texts.map((text) => ({ text })),
  );
  const refused = outcomes?.findIndex(({ kind }) => kind === 'parse') ?? -1;
  assert.equal(refused, -1, `${JSON.stringify(outcomes?.[refused])}\n${texts[refused]}`);
});
