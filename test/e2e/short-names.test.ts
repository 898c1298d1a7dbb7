import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LOCK, lockText } from '../support/lock-text.ts';
import { BASE, json, SHORT, shortNames, SMALL, TEAM, TINY } from '../support/short-names.ts';
import { jsonError } from './wanted-model.ts';

test('a list of short names is synced, listed by file names, and kept by prune', async (t) => {
  const it = await shortNames(t);
  const { scratch, run } = it;
  await it.place([SMALL], true);
  const synced = await json(it, ['sync']);
  assert.deepEqual(
    (synced['downloaded'] as readonly { name: string }[]).map(({ name }) => name),
    [TINY, BASE],
  );
  assert.deepEqual(synced['pruned'], [{ name: SMALL, size: 6000 }]);
  const { registry, models } = await json(it, ['list']);
  assert.deepEqual(registry, { file: scratch.registry, source: 'static', active: [TINY, BASE] });
  assert.deepEqual(
    (models as readonly Record<string, unknown>[]).map(({ name, active, line }) => [name, active, line]),
    [
      [TINY, true, 4],
      [BASE, true, 5],
    ],
  );
  assert.match((await run(['list'])).stdout, /base\.en .*active, line 5/);
  assert.deepEqual(await json(it, ['prune']), {
    dryRun: false,
    removed: [],
    kept: [BASE, TINY],
    unmanaged: [],
    freed: 0,
  });
  assert.deepEqual(await json(it, ['check']), { diagnostics: [], drift: { missing: [], extra: [] } });
  assert.equal(scratch.read(scratch.registry), SHORT);
});

test('why, path, env, verify and doctor know a model by its short name in the list', async (t) => {
  const it = await shortNames(t);
  const { scratch, run } = it;
  await it.place([TINY, BASE], true);
  const [path] = [join(scratch.models, BASE)];
  for (const given of ['base.en', BASE]) {
    const { name, keptBy } = await json(it, ['why', given]);
    assert.equal(name, BASE);
    assert.deepEqual(
      (keptBy as readonly Record<string, unknown>[]).map(({ registry, line }) => [registry, line]),
      [[scratch.registry, 5]],
    );
    assert.equal((await run(['path', given])).stdout, `${path}\n`);
  }
  assert.match((await run(['env'])).stdout, new RegExp(`^WHISPER_MODEL=${join(scratch.models, TINY)}$`, 'm'));
  assert.deepEqual(
    ((await json(it, ['verify']))['models'] as readonly Record<string, unknown>[]).map(({ name, status }) => [
      name,
      status,
    ]),
    [
      [TINY, 'ok'],
      [BASE, 'ok'],
    ],
  );
  const { stdout } = await run(['complete', '--', 'remove', '']);
  assert.deepEqual(
    stdout.split('\n').map((line) => line.split('\t')[0]),
    ['tiny.en', 'base.en', ''],
  );
  assert.match((await run(['doctor'])).stdout, /2 active, read from the text/);
});

test('one model in both spellings is repeated, and is one model for everything else', async (t) => {
  const it = await shortNames(t, ['base.en', TINY, BASE]);
  const { scratch, run } = it;
  const { downloaded } = await json(it, ['sync']);
  assert.deepEqual((downloaded as readonly { name: string }[]).map(({ name }) => name).toSorted(), [BASE, TINY]);
  const { diagnostics, drift } = await json(it, ['check'], 8);
  assert.deepEqual(diagnostics, [
    {
      file: scratch.registry,
      line: 6,
      column: 5,
      severity: 'warning',
      code: 'repeated',
      message: `${BASE} is already listed, as "base.en", on line 4`,
      suggestion: null,
    },
  ]);
  assert.deepEqual(drift, { missing: [], extra: [] });
  assert.deepEqual(((await json(it, ['prune']))['kept'] as readonly string[]).toSorted(), [BASE, TINY]);
  await json(it, ['lock']);
  assert.equal(scratch.read(LOCK), lockText(it, BASE, TINY));
  const removed = await json(it, ['remove', 'base.en']);
  assert.deepEqual(removed['removed'], [BASE]);
  const text = scratch.read(scratch.registry);
  assert.match(text, /\n {4}# "base\.en"\n {4}"ggml-tiny\.en\.bin"\n {4}# "ggml-base\.en\.bin"\n/);
  assert.equal((await run(['add', BASE])).code, 0);
  assert.equal(scratch.read(scratch.registry), text.replace('# "base.en"', '"base.en"'));
});

test('a short name is known by the lock file, and pinned under the file name', async (t) => {
  const it = await shortNames(t, ['tiny.en', 'team']);
  const { scratch, run } = it;
  await json(it, ['lock']);
  assert.equal(scratch.read(LOCK), lockText(it, TEAM, TINY));
  // Without the catalogue, only the lock file has that model.
  const env = { WHISPER_CATALOG: '' };
  assert.deepEqual((await json(it, ['lock'], 0, { env }))['kept'], [TEAM, TINY]);
  await json(it, ['sync'], 0, { env });
  assert.deepEqual(scratch.modelNames(), [TEAM, TINY]);
  assert.deepEqual((await json(it, ['check'], 0, { env }))['diagnostics'], []);
  await json(it, ['download', 'base.en']);
  assert.equal(scratch.read(LOCK), lockText(it, BASE, TEAM, TINY), 'a pin of a short name stays');
  scratch.writeRegistry(['tiny.en']);
  const { diagnostics } = await json(it, ['check'], 8);
  assert.deepEqual(
    (diagnostics as readonly Record<string, unknown>[]).map(({ code, message }) => [
      code,
      String(message).split(' ')[0],
    ]),
    [
      ['lock-extra', BASE],
      ['lock-extra', TEAM],
    ],
  );
  assert.equal((await run(['lock'])).code, 0);
  assert.equal(scratch.read(LOCK), lockText(it, TINY));
  scratch.writeRegistry(['tiny.en', 'base.en']);
  const missing = ((await json(it, ['check'], 8))['diagnostics'] as readonly Record<string, unknown>[])[0];
  assert.deepEqual(
    [missing?.['code'], missing?.['message'], missing?.['line']],
    ['lock-missing', `${BASE} is active but not pinned in the lock file; run whisper lock to pin it`, 5],
  );
});

test('a short name that only the disk has is known until that file is gone', async (t) => {
  const it = await shortNames(t, ['my-tune', 'tiny.en']);
  const { scratch, run } = it;
  await it.place([TINY, BASE], true);
  const mine = scratch.writeModel('ggml-my-tune.bin', Buffer.from('lmgg mine'));
  assert.deepEqual((await json(it, ['prune', '-n']))['removed'], [{ name: BASE, size: 5000 }]);
  assert.deepEqual(jsonError(await run(['lock', '--json']))['code'], 'registry-unknown-model');
  assert.deepEqual((await json(it, ['add', 'base.en']))['added'], [BASE]);
  assert.match(scratch.read(scratch.registry), /\n {4}"my-tune"\n {4}"tiny\.en"\n {4}"base\.en"\n/);
  await json(it, ['remove', 'base.en']);
  rmSync(mine);
  for (const args of [['prune'], ['sync'], ['lock']]) {
    const ran = await run([...args, '--json']);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-bad-name']);
  }
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

test('a list of other words removes nothing, also where one of them is the name of a model', async (t) => {
  const it = await shortNames(t, ['git', 'small.en', 'curl']);
  const { scratch, run } = it;
  await it.place([TINY, BASE], true);
  for (const args of [['prune'], ['prune', '--unmanaged'], ['sync'], ['download', 'small.en']]) {
    const ran = await run([...args, '--json']);
    assert.deepEqual(
      [ran.code, jsonError(ran)['message']],
      [3, '"git" is not a model file name or the short name of a known model'],
    );
  }
  for (const command of ['why', 'path', 'env', 'verify'])
    for (const [given, suggestions] of [
      ['git', []],
      ['ggml-git.bin', []],
      ['smal.en', ['small.en']],
      ['gitt', []],
    ] as const) {
      const ran = await run([command, given, '--json']);
      const { code, suggestions: found } = jsonError(ran);
      assert.deepEqual([ran.code, code, found], [2, 'unknown-model', suggestions], `${command} ${given}`);
    }
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.deepEqual(it.hub.requests, []);
});
