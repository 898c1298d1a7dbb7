import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { addressProject, COMMIT, LECTURES, REPO, SOURCE, sourcesText } from '../support/address-project.ts';

interface Result {
  readonly registered: readonly string[];
  readonly present: readonly string[];
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
}

const read = (stdout: string): Result => JSON.parse(stdout) as Result;

test('a file of the hub is downloaded, listed and declared with its commit, hash and size in one edit', async (t) => {
  const { run, text, scratch } = await addressProject(t);
  const before = text();
  const ran = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json']);
  assert.deepEqual([ran.code, read(ran.stdout).registered], [0, [LECTURES]]);
  const end = before.indexOf('  ];') + 5;
  const listed = `${before.slice(0, end - 5)}    "${LECTURES}"\n  ];\n`;
  assert.equal(text(), `${listed}\n${sourcesText(LECTURES, SOURCE, 5000)}${before.slice(end)}`);
  assert.deepEqual(scratch.modelNames(), [LECTURES]);
  const again = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json']);
  assert.deepEqual([again.code, read(again.stdout).present], [0, [LECTURES]]);
  assert.equal((await run(['verify', 'lectures'])).code, 0);
  const check = JSON.parse((await run(['check', '--json'])).stdout) as { diagnostics: unknown };
  assert.deepEqual(check.diagnostics, []);
});

test('an address is understood as a browser shows it, in the short form, and on the mirror', async (t) => {
  const { run, text, hub, scratch } = await addressProject(t);
  const before = text();
  for (const address of [
    `https://huggingface.co/${REPO}/blob/main/ggml-model.bin`,
    `https://huggingface.co/${REPO}/resolve/main/ggml-model.bin?download=true`,
    `https://hf.co/${REPO}/raw/v1/ggml-model.bin#top`,
    `${hub.endpoint}/${REPO}/resolve/${COMMIT}/ggml-model.bin`,
    `${REPO}/ggml-model.bin@v1`,
    `${REPO}/ggml-model.bin@${COMMIT}`,
  ]) {
    writeFileSync(scratch.registry, before);
    const ran = await run(['add', address, '--as', LECTURES]);
    assert.equal(ran.code, 0, `${address}: ${ran.stderr}`);
    assert.ok(text().includes(sourcesText(LECTURES, SOURCE, 5000)), address);
  }
});

test('a model of the catalogue is listed by an address without a source', async (t) => {
  const { run, text, models } = await addressProject(t, '{ activeModels = [ ]; }\n');
  const { repo, revision, file } = Object.values(models)[0]?.entry ?? assert.fail();
  const ran = await run(['add', `${repo}/${file}@${revision}`]);
  assert.deepEqual([ran.code, text()], [0, `{ activeModels = [ "${file}" ]; }\n`], ran.stderr);
});

test('an operand that is not a file, lacks a name or carries a password is a usage error, and nothing is asked', async (t) => {
  const { run, hub, text } = await addressProject(t);
  const before = text();
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [[`https://huggingface.co/${REPO}`], /is a page of the hub, not a file/],
    [[`https://huggingface.co/${REPO}/tree/main`], /is a page of the hub, not a file/],
    [[`${REPO}/ggml-model.bin`, 'ada/other/ggml-model.bin'], /Two URLs have the same model name, model/],
    [[`${REPO}/weights.bin`], /so the model needs one/],
    [[`${REPO}/weights.bin`, '--as', '../x'], /is not a model name/],
    [['base.en-q5_1', '--as', 'x'], /--as needs exactly one URL/],
    [['ftp://models.example/ggml-x.bin'], /is not the URL of a model file/],
    [['https://me:secret@models.example/ggml-x.bin'], /contains a user name or a password/],
  ];
  for (const [operands, message] of rows) {
    for (const command of ['download', 'add']) {
      const { code, stdout } = await run([command, ...operands, '--json']);
      assert.equal(code, 2, `${command} ${operands.join(' ')}`);
      assert.match(read(stdout).error?.message ?? '', message);
      assert.doesNotMatch(stdout, /secret/);
    }
  }
  const named = read((await run(['add', `${REPO}/ggml_lectures.v2.bin`, '--json'])).stdout);
  assert.equal(named.error?.hint, 'Add a name, like --as ggml_lectures.v2');
  const general = read((await run(['add', `${REPO}/model.bin`, '--json'])).stdout);
  assert.equal(general.error?.hint, 'Add a name, like --as lectures');
  assert.deepEqual([hub.requests.length, text()], [0, before]);
});

test('a name that is taken by other bytes is a usage error that says where', async (t) => {
  const { run, text, hub } = await addressProject(t);
  assert.equal((await run(['add', `${REPO}/ggml-model.bin`, '--as', 'lectures'])).code, 0);
  const before = text();
  hub.put({ repo: 'ada/other', path: 'ggml-x.bin', revision: COMMIT, content: Buffer.from('lmgg other') });
  hub.branch('ada/other', 'main', COMMIT);
  for (const [name, where] of [
    ['lectures', 'modelSources'],
    ['base.en-q5_1', 'the catalogue'],
  ]) {
    const { code, stdout } = await run(['download', 'ada/other/ggml-x.bin', '--as', name ?? '', '--json']);
    assert.deepEqual(
      [code, read(stdout).error?.message],
      [2, `The name ${name} is taken by another model, in ${where}`],
    );
  }
  assert.equal(text(), before);
});

test('a file, a revision and a repository that are not there are exit 4, and the nearest file is named', async (t) => {
  const { run, text } = await addressProject(t);
  const before = text();
  const rows: readonly (readonly [string, RegExp, RegExp])[] = [
    [`${REPO}/ggml-modle.bin`, /does not have ggml-modle\.bin/, /The repository has ggml-model\.bin/],
    [`${REPO}/ggml-model.bin@gone`, /does not have the revision gone/, /./],
    ['ada/nothing/ggml-x.bin', /./, /./],
  ];
  for (const [address, message, hint] of rows) {
    const { code, stdout } = await run(['download', address, '--json']);
    const { error } = read(stdout);
    assert.equal(code, 4, address);
    assert.match(error?.message ?? '', message);
    assert.match(error?.hint ?? '', hint);
  }
  assert.equal(text(), before);
});

test('a private repository needs the token, which is not written', async (t) => {
  const { run, text, hub } = await addressProject(t);
  const before = text();
  hub.requireToken(REPO, 'hf_mine', 'private');
  const refused = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json']);
  assert.deepEqual([refused.code, text()], [4, before]);
  const ran = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures'], { env: { HF_TOKEN: 'hf_mine' } });
  assert.equal(ran.code, 0, ran.stderr);
  assert.ok(text().includes(sourcesText(LECTURES, SOURCE, 5000)));
  assert.doesNotMatch(text(), /hf_mine/);
});

test('what is not a model is refused by its first bytes, for add too, and nothing is written', async (t) => {
  const { run, text, hub, scratch } = await addressProject(t);
  const before = text();
  const contents = {
    'ggml-page.bin': '<!doctype html><title>Log in</title>',
    'ggml-pointer.bin': 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n',
  };
  for (const [path, content] of Object.entries(contents)) {
    hub.put({ repo: 'ada/odd', path, revision: COMMIT, content: Buffer.from(content.padEnd(600)) });
    hub.branch('ada/odd', 'main', COMMIT);
    for (const command of ['add', 'download']) {
      const { code, stdout } = await run([command, `ada/odd/${path}`, '--json']);
      assert.deepEqual([code, read(stdout).error?.code], [5, 'wrong-file'], `${command} ${path}`);
    }
  }
  assert.deepEqual([text(), scratch.modelNames()], [before, []]);
});

test('where modelSources cannot be written, the line to write is printed before a byte of the model is fetched', async (t) => {
  const registry = 'let none = { }; in { activeModels = [ ]; modelSources = none; others = none; }\n';
  const { run, text, hub } = await addressProject(t, registry);
  const { code, stdout } = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json']);
  const { error } = read(stdout);
  assert.deepEqual([code, error?.code, text()], [3, 'registry-edit-refused', registry]);
  const line = `modelSources."${LECTURES}" = { url = "${SOURCE.url}"; hash = "${SOURCE.hash}"; size = 5000; };`;
  assert.equal(error?.hint, `Add ${line} by hand, then run the same command again`);
  const received = hub.requests.filter(({ origin }) => origin === 'cdn').length;
  assert.ok(received <= 1, 'only the first bytes, to look at the header');
});

test('--as without an address is a usage error before the menu', async (t) => {
  const { run } = await addressProject(t);
  const { code, stdout, stderr } = await run(['download', '--as', 'x', '--json']);
  assert.deepEqual(
    [code, read(stdout).error?.message, stderr],
    [2, '--as needs exactly one URL, and no other model', ''],
  );
});

test('where the file is read-only, the line and the source to add are printed', async (t) => {
  const { scratch, env, text } = await addressProject(t);
  const before = text();
  chmodSync(scratch.registry, 0o444);
  const args = ['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json'];
  const ran = await scratch.spawn(args, { env, asPlainUser: true });
  const source = `modelSources."${LECTURES}" = { url = "${SOURCE.url}"; hash = "${SOURCE.hash}"; size = 5000; };`;
  assert.equal(read(ran.stdout).error?.hint, `Edit its source by hand: add the line "${LECTURES}", add ${source}`);
  assert.deepEqual([ran.code, text()], [3, before]);
});
