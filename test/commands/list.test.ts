import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { list, type ListedModel } from '../../src/commands/list/list.ts';
import { commandContext } from '../support/command-context.ts';
import { hubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OWN = 'ggml-own.bin';

test('list has what is listed first, with its line, and what else is on the disk after it', async (t) => {
  const { scratch, models, env, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  await place([BASE], true);
  scratch.writeModel(OWN, Buffer.from('lmgg'));
  const result = await list(commandContext(scratch, env), { all: false });
  const common = { path: join(scratch.models, BASE), sha256: models[BASE]?.entry.sha256 ?? '' };
  const expected: readonly Partial<ListedModel>[] = [
    { name: TINY, active: true, downloaded: false, managed: false, size: 4000, line: 4, path: null },
    { name: BASE, active: false, downloaded: true, managed: true, size: 5000, line: null, ...common },
    { name: OWN, active: false, downloaded: true, managed: false, size: 4, line: null, sha256: null },
  ];
  assert.equal(result.models.length, expected.length);
  for (const [at, each] of expected.entries()) assert.deepEqual({ ...result.models[at], ...each }, result.models[at]);
  assert.deepEqual(result.registry, { file: scratch.registry, source: 'static', active: [TINY] });
  assert.deepEqual([result.disk.used, result.disk.reclaimable], [5004, 5000]);
});

test('list --all has the whole catalogue', async (t) => {
  const { scratch, env } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
  const { models } = await list(commandContext(scratch, env), { all: true });
  assert.ok(models.some(({ name }) => name === TINY) && models.some(({ name }) => name === BASE));
  assert.ok(models.every(({ active, downloaded }) => !active && !downloaded));
});

test('list warns of a registry that is missing, and changes nothing', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  const file = join(scratch.path, 'gone/list.nix');
  scratch.write('models/.whisper/roots/gone.json', JSON.stringify({ file, active: [BASE] }));
  const before = scratch.snapshot();
  const context = commandContext(scratch);
  const { others } = await list(context, { all: false });
  assert.deepEqual(
    others.missing.map(({ root }) => root.file),
    [file],
  );
  assert.equal(context.notices.length, 1);
  assert.match(context.notices[0] ?? '', /gone\/list\.nix/);
  assert.deepEqual(scratch.snapshot(), before);
});
