import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openChoice } from '../../src/commands/download/choice.ts';
import { commandContext } from '../support/command-context.ts';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const SMALL = 'ggml-small.en.bin';

test('the picker shows which models are active or commented out by short names', async (t) => {
  const text = '{ activeModels = [\n  "tiny.en"\n  # "base.en"\n]; }\n';
  const { scratch, env } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000 }, text);
  const { offers } = await openChoice(commandContext(scratch, env), { prune: true, refetch: false });
  const found = offers.filter(({ entry }) => [TINY, BASE, SMALL].includes(entry.file as typeof TINY));
  assert.deepEqual(
    found.map(({ entry, isActive, isCommented }) => [entry.file, isActive, isCommented]),
    [
      [TINY, true, false],
      [BASE, false, true],
      [SMALL, false, false],
    ],
  );
});
