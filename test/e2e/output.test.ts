import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OWN = 'ggml-my-tune.bin';

type Shape = 'number' | 'string' | 'boolean' | 'null' | readonly Shape[] | { readonly [key: string]: Shape };

/** The keys and types of a JSON value; a list has the shape of its first element. */
function shapeOf(value: unknown): Shape {
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
  return typeof value as 'number' | 'string' | 'boolean';
}

const sized = { name: 'string', size: 'number' } as const;
const transferred: Shape = {
  dryRun: 'boolean',
  pruned: [sized],
  downloaded: [
    { name: 'string', path: 'string', size: 'number', sha256: 'string', seconds: 'number', received: 'number' },
  ],
  present: [],
  adopted: [],
  registered: ['string'],
};
const listed = {
  name: 'string',
  active: 'boolean',
  downloaded: 'boolean',
  managed: 'boolean',
  size: 'number',
  line: 'number',
};
const rows: readonly [readonly string[], Shape][] = [
  [
    ['list'],
    {
      registry: { file: 'string', source: 'string', active: ['string'] },
      modelsDir: 'string',
      models: [{ ...listed, sha256: 'string', path: 'null' } as Shape],
      disk: { used: 'number', reclaimable: 'number', free: 'number' },
    },
  ],
  [
    ['prune'],
    { dryRun: 'boolean', removed: [sized], kept: [], unmanaged: [{ ...sized, reason: 'string' }], freed: 'number' },
  ],
  [['download', 'base.en'], { ...(transferred as object), registered: [] }],
  [['download', 'small.en'], transferred],
  [['sync'], { ...(transferred as object), registered: [] }],
  [['add', 'small.en'], { file: 'string', added: ['string'], present: [] }],
  [['remove', 'base.en'], { file: 'string', removed: ['string'], absent: [] }],
  [['path', 'base.en'], { name: 'string', path: 'string', downloaded: 'boolean' }],
  [['list', '--help'], { help: 'string' }],
  [['--version'], { version: 'string' }],
];
for (const [args, shape] of rows) {
  for (const dryRun of ['download', 'sync', 'prune'].includes(args[0] ?? '') ? [[], ['--dry-run']] : [[]]) {
    const line = [...args, ...dryRun];
    test(`JSON of whisper ${line.join(' ')}`, async (t) => {
      const sizes = { [TINY]: 4000, [BASE]: 5000, 'ggml-small.en.bin': 6000 };
      const { run, scratch, place } = await hubProject(t, sizes, [BASE]);
      await place([TINY], true);
      scratch.writeModel(OWN, Buffer.from('lmgg'));
      const ran = await run([...line, '--json']);
      // A path of what is not downloaded is printed, and ends with 6.
      assert.equal(ran.code, args[0] === 'path' ? 6 : 0, ran.stdout + ran.stderr);
      assert.match(ran.stdout, /^\{[^\n]*\}\n$/);
      if (args[0] !== 'path') assert.equal(ran.stderr, '');
      const value = JSON.parse(ran.stdout) as { dryRun?: boolean };
      assert.deepEqual(shapeOf(value), shape);
      if ('dryRun' in value) assert.equal(value.dryRun, dryRun.length > 0);
    });
  }
}

test('list shows the state and place of each model', async (t) => {
  const { run, scratch, models, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [BASE]);
  await place([TINY], true);
  scratch.writeModel(OWN, Buffer.from('lmgg'));
  const { registry, modelsDir, models: rowsOf, disk } = JSON.parse((await run(['list', '--json'])).stdout);
  assert.deepEqual(registry, { file: scratch.registry, source: 'static', active: [BASE] });
  assert.equal(modelsDir, scratch.models);
  const sha256 = (name: string): string | undefined => models[name]?.entry.sha256;
  const own = { name: OWN, active: false, downloaded: true, managed: false, size: 4, sha256: null };
  assert.deepEqual(rowsOf, [
    {
      name: BASE,
      active: true,
      downloaded: false,
      managed: false,
      size: 5000,
      sha256: sha256(BASE),
      path: null,
      line: 4,
    },
    { ...own, path: `${scratch.models}/${OWN}`, line: null },
    {
      ...own,
      name: TINY,
      managed: true,
      size: 4000,
      sha256: sha256(TINY),
      path: `${scratch.models}/${TINY}`,
      line: null,
    },
  ]);
  assert.deepEqual([disk.used, disk.reclaimable], [4004, 4000]);
  assert.ok(disk.free > 0);
  const all = JSON.parse((await run(['list', '--all', '--json'])).stdout);
  assert.ok(all.models.length > 36);
});

test('path prints only the path, and exits with 6 where the model is not downloaded', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 });
  const ran = await run(['path', 'tiny.en']);
  assert.deepEqual(ran, {
    code: 6,
    stdout: `${scratch.models}/${TINY}\n`,
    stderr: 'tiny.en is not downloaded; run whisper download tiny.en\n',
  });
  assert.equal((await run(['path', 'tiny.en', '-q'])).stderr, '');
  scratch.writeModel(TINY, Buffer.from('lmgg'));
  assert.deepEqual(await run(['path', 'tiny.en']), { code: 0, stdout: `${scratch.models}/${TINY}\n`, stderr: '' });
});

test('results go to standard output, notices to standard error, and --quiet prints only errors and warnings', async (t) => {
  const { run, hub } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
  hub.inject({ where: 'resolve', status: 503 });
  const loud = await run(['download', 'tiny.en']);
  assert.match(
    loud.stdout,
    /^downloaded tiny\.en \(4\.0 kB( in \S+ s)?\), sha256 verified against the catalogue\nregistered tiny\.en\nTo write a \.env file, run /,
  );
  assert.match(loud.stderr, /answered 503.*retrying in/);
  hub.inject({ where: 'resolve', status: 503 });
  const quiet = await run(['download', 'base.en', '--quiet']);
  assert.match(quiet.stdout, /^downloaded base\.en .*\nregistered base\.en\n$/);
  assert.equal(quiet.stderr, '');
  const again = await run(['download', 'base.en', '-q']);
  assert.deepEqual([again.stdout, again.stderr], ['', '']);
  const nothing = await run(['prune', '-q']);
  assert.deepEqual([nothing.stdout, nothing.stderr], ['', '']);
  assert.equal((await run(['prune'])).stdout, 'Nothing to prune\n');
  assert.match((await run(['list'])).stdout, /● tiny\.en +4\.0 kB {2}\S+ +active, line \d\n/);
  const failed = await run(['download', 'no-such', '-q']);
  assert.match(failed.stderr, /^whisper: no-such is not in the catalogue/, 'errors are never too much');
});

test('a failure is one JSON document with its details', async (t) => {
  const { run, scratch } = await hubProject(t, { [TINY]: 4000 }, '{ activeModels = [ "ggml-tiny.en.bin" }');
  const error = jsonError(await run(['list', '--json']));
  assert.equal(error['code'], 'registry-syntax');
  assert.equal((error['place'] as { file: string }).file, scratch.registry);
  assert.deepEqual(shapeOf(error['place']), { file: 'string', line: 'number', column: 'number', excerpt: 'string' });
});
