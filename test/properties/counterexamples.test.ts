import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tryRead } from '../support/comparison.ts';
import { nixValues } from '../support/nix-values.ts';

const FOLDER = join(import.meta.dirname, '../../../test/fixtures/counterexamples');

/**
 * Texts that were misread once, or that another reader would misread. The first line of each says what has to come of it:
 * `# Nix refuses it: …` and `# computed` are refused, `# reads ["a"] at PATH` is read so, and Nix says the same.
 */
const EXAMPLES = readdirSync(FOLDER)
  .toSorted()
  .map((file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const [, json, path = 'activeModels'] = /^# reads (.*) at (\S+)\r?\n/.exec(text) ?? [];
    const names = json === undefined ? undefined : (JSON.parse(json) as readonly string[]);
    return { file, text, names, path: path.split('.'), reason: /^# Nix refuses it: (.*)/.exec(text)?.[1] };
  });

for (const { file, text, names } of EXAMPLES) {
  test(file, () => assert.deepEqual(tryRead(text), names));
}

test('Nix gives the counterexamples the same values', async (t) => {
  const outcomes = await nixValues(t, EXAMPLES);
  for (const [index, outcome] of outcomes?.entries() ?? []) {
    const { file, names, reason } = EXAMPLES[index] as (typeof EXAMPLES)[0];
    if (names) assert.deepEqual(outcome, { kind: 'value', value: names }, file);
    else assert.equal(outcome.kind === 'parse', reason !== undefined, file);
    if (outcome.kind === 'parse') assert.match(outcome.message, new RegExp(reason ?? ''), file);
  }
});
