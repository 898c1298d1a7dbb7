import assert from 'node:assert/strict';
import { test } from 'node:test';
import { why } from '../../src/commands/why/run.ts';
import { commandContext } from '../support/command-context.ts';
import { hubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

test('why names every registry that lists a model, its own first', async (t) => {
  const { scratch, env, place } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  await place([TINY]);
  const other = scratch.write('other.nix', `{\n  activeModels = [\n    "${TINY}"\n  ];\n}\n`);
  scratch.write('models/.whisper/roots/other.json', JSON.stringify({ file: other }));
  const { keptBy } = await why(commandContext(scratch, env), { model: 'tiny.en' });
  assert.deepEqual(
    keptBy.map(({ file, line }) => [file, line]),
    [
      [scratch.registry, 4],
      [other, 3],
    ],
  );
});

test('why distinguishes a verified file, an unverified one and a missing one', async (t) => {
  const { scratch, models, env, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
  const ask = async (): Promise<readonly [boolean, boolean, boolean, number | null, boolean]> => {
    const told = await why(commandContext(scratch, env), { model: 'base.en' });
    return [told.downloaded, told.managed, told.unverified, told.size, told.record !== null];
  };
  assert.deepEqual(await ask(), [false, false, false, 5000, false]);
  await place([BASE]);
  assert.deepEqual(await ask(), [true, false, true, 5000, false]);
  await place([BASE], true);
  assert.deepEqual(await ask(), [true, true, false, 5000, true]);
  const { refetch } = await why(commandContext(scratch, env), { model: 'base.en' });
  const { repo, revision, sha256 } = models[BASE]?.entry ?? assert.fail();
  assert.deepEqual(refetch, { bytes: 5000, repo, revision, sha256 });
});

test('a model that no catalogue has cannot be downloaded again', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000 });
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg'));
  const { managed, keptBy, refetch } = await why(commandContext(scratch, env), { model: 'own' });
  assert.deepEqual([managed, keptBy, refetch], [false, [], null]);
});

test('why refuses a model that is unknown', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000 });
  await assert.rejects(why(commandContext(scratch, env), { model: 'nothing-like-it' }), { code: 'unknown-model' });
});
