import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE, json, SHORT, shortNames, SMALL, TEAM, TINY } from '../support/short-names.ts';
import { jsonError } from './wanted-model.ts';

test('add, remove and download keep the spelling of the list', async (t) => {
  const it = await shortNames(t);
  const { scratch, run } = it;
  const lines = (): readonly string[] =>
    [...scratch.read(scratch.registry).matchAll(/^ {4}(.*)$/gm)].map(([, line]) => line ?? '');
  assert.deepEqual((await json(it, ['add', BASE, 'tiny.en']))['present'], [BASE, TINY]);
  assert.equal(scratch.read(scratch.registry), SHORT);
  assert.deepEqual((await json(it, ['add', SMALL]))['added'], [SMALL]);
  assert.deepEqual(lines(), ['"tiny.en" # for notes', '"base.en"', '"small.en" # too slow']);
  assert.equal((await run(['remove', 'small.en'])).stdout.split('\n')[0], 'small.en is no longer active');
  assert.equal(scratch.read(scratch.registry), SHORT);
  const { registered } = await json(it, ['download', 'team']);
  assert.deepEqual(registered, [TEAM]);
  assert.deepEqual(lines(), ['"tiny.en" # for notes', '"base.en"', '"team"', '# "small.en" # too slow']);
  assert.deepEqual((await json(it, ['download', 'team']))['registered'], []);
  await json(it, ['remove', '--delete', TEAM, TINY]);
  assert.deepEqual(lines(), ['"base.en"', '# "small.en" # too slow']);
  await json(it, ['remove', BASE, '--delete']);
  await json(it, ['add', 'tiny.en']);
  assert.deepEqual(lines(), ['# "small.en" # too slow', `"${TINY}"`]);
  await json(it, ['download', 'small.en']);
  await json(it, ['download', 'base.en']);
  assert.deepEqual(lines(), ['"small.en" # too slow', `"${TINY}"`, `"${BASE}"`], 'both spellings');
});

test('add and remove with --any-string take short names as any other string', async (t) => {
  const it = await shortNames(t, ['llama3.2:1b', 'base.en']);
  const { scratch } = it;
  const before = scratch.read(scratch.registry);
  await json(it, ['add', '--any-string', BASE, 'tiny.en']);
  assert.equal(
    scratch.read(scratch.registry),
    before.replace('"base.en"\n', `"base.en"\n    "${BASE}"\n    "tiny.en"\n`),
  );
  const { removed } = await json(it, ['remove', '--any-string', '--delete', BASE, 'tiny.en']);
  assert.deepEqual(removed, [BASE, 'tiny.en']);
  assert.equal(scratch.read(scratch.registry), before);
});

test('check --fix corrects a short name by a short name, and leaves valid ones', async (t) => {
  const it = await shortNames(t, ['tiny.en', 'BASE.EN', 'bsae.en', 'tiny.en']);
  const { scratch } = it;
  const { diagnostics } = await json(it, ['check', '--fix'], 8);
  assert.deepEqual(
    (diagnostics as readonly Record<string, unknown>[]).map(({ code, line, suggestion }) => [code, line, suggestion]),
    [['bad-name', 6, 'base.en']],
  );
  assert.match(scratch.read(scratch.registry), /\[\n {4}"tiny\.en"\n {4}"base\.en"\n {4}"bsae\.en"\n {2}\]/);
});

test('a read-only list of short names is said to be edited by short names', async (t) => {
  const it = await shortNames(t);
  const { scratch, run } = it;
  scratch.write(scratch.registry, SHORT, 0o444);
  const hintOf = async (...args: readonly string[]): Promise<unknown> =>
    jsonError(await run([...args, '--json']))['hint'];
  assert.match(
    String(await hintOf('add', 'base.en', 'team', 'small.en')),
    /add the line "team", add the line "small\.en"$/,
  );
  assert.match(String(await hintOf('remove', BASE)), /remove "base\.en"$/);
});
