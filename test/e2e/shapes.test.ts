import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { type Shape, SHAPES, SMALL, TINY } from '../support/shapes.ts';

const NEW = 'ggml-base.en-q5_1.bin';
const SIZES = { [TINY]: 4000, [SMALL]: 5000, [NEW]: 6000 };

/** Runs each command on a registry of some shape, from an empty models directory on. */
async function tryCommands(t: TestContext, { text, condition }: Shape): Promise<void> {
  const { run, scratch } = await hubProject(t, SIZES, text);
  const given = ['--models-dir', scratch.models];
  const call = async (code: number, ...args: readonly string[]): Promise<string> => {
    const ran = await run([...args, ...given]);
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  };
  const under = condition === undefined ? undefined : `under ${condition}`;
  const says = (printed: string): void => {
    const joined = printed.replace(/\s+/g, ' ');
    if (under === undefined) assert.doesNotMatch(joined, /under `/);
    else assert.ok(joined.includes(under), printed);
  };

  assert.deepEqual(JSON.parse(await call(0, 'list', '--json')).registry, {
    file: scratch.registry,
    source: 'static',
    active: [TINY],
  });
  says(await call(0, 'list', '-v'));
  says(await call(0, 'why', 'tiny.en-q5_1'));
  assert.deepEqual(JSON.parse(await call(8, 'check', '--json')).drift, { missing: [TINY], extra: [] });
  await call(0, 'sync');
  assert.deepEqual(scratch.modelNames(), [TINY]);
  says(await call(0, 'doctor'));
  await call(0, 'check');
  await call(0, 'verify');
  await call(0, 'lock');
  assert.ok((await call(0, 'path', 'tiny.en-q5_1')).includes(scratch.models));
  assert.match(await call(0, 'env'), /WHISPER_MODEL=.*ggml-tiny\.en-q5_1\.bin/);

  await call(0, 'download', 'base.en-q5_1');
  assert.deepEqual(scratch.modelNames(), [NEW, TINY]);
  await call(0, 'remove', 'base.en-q5_1', '--delete');
  assert.equal(scratch.read(scratch.registry), text);
  await call(0, 'add', 'small.en-q5_1');
  assert.equal(scratch.read(scratch.registry), text.replace('# "ggml-small', '"ggml-small'));
  await call(0, 'remove', 'small.en-q5_1', 'tiny.en-q5_1');
  await call(0, 'add', 'tiny.en-q5_1');
  assert.equal(scratch.read(scratch.registry), text);
  assert.deepEqual(JSON.parse(await call(0, 'prune', '--json')).removed, [{ name: NEW, size: 6000 }]);
  assert.deepEqual(scratch.modelNames(), [TINY]);
}

test('every command works with each shape of a registry', async (t) => {
  for (const shape of SHAPES) await t.test(shape.name, async (inner) => tryCommands(inner, shape));
});
