import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleModel } from '../support/models.ts';
import { CACHE } from './adoption.ts';
import {
  addressProject,
  BASE,
  COMMIT,
  LECTURES,
  MODEL,
  REPO,
  SOURCE,
  sourcesText,
} from '../support/address-project.ts';

const entry = (attributes: string): string => `{
  activeModels = [ "lectures" ];
  modelSources = {
    "${LECTURES}" = { ${attributes} };
  };
}
`;
const COMPLETE = `url = "${SOURCE.url}"; hash = "${SOURCE.hash}"; size = 5000;`;

interface Diagnosed {
  readonly diagnostics: readonly { readonly code: string; readonly line: number }[];
}

test('a clone with nothing but the registry gets catalogue models and declared ones by sync', async (t) => {
  const { run, scratch } = await addressProject(t);
  assert.equal((await run(['add', `${REPO}/ggml-model.bin`, '--as', 'lectures'])).code, 0);
  const clone = join(scratch.path, 'clone');
  cpSync(join(scratch.path, 'nix'), join(clone, 'nix'), { recursive: true });
  const models = join(clone, 'models');
  const args = ['--file', join(clone, 'nix/whisper-manager.nix'), '--models-dir', models];
  const synced = await run(['sync', '--json', ...args]);
  assert.equal(synced.code, 0, synced.stdout);
  assert.deepEqual(readFileSync(join(models, LECTURES)), MODEL.content);
  assert.equal(readFileSync(join(models, BASE)).length, 4000);
  const again = JSON.parse((await run(['sync', '--json', ...args])).stdout) as { present: string[] };
  assert.deepEqual(again.present.toSorted(), [BASE, LECTURES].toSorted());
});

test('a declared model is managed once it was fetched, and pruned when the list drops it', async (t) => {
  const { run, scratch } = await addressProject(t, entry(COMPLETE));
  scratch.writeModel(LECTURES, MODEL.content);
  const unlisted = entry(COMPLETE).replace('"lectures"', '');
  writeFileSync(scratch.registry, unlisted);
  const kept = JSON.parse((await run(['prune', '--allow-empty', '--json'])).stdout) as { removed: unknown[] };
  assert.deepEqual(kept.removed, [], 'a source alone makes no file managed');
  writeFileSync(scratch.registry, entry(COMPLETE));
  assert.equal((await run(['sync'])).code, 0);
  rmSync(join(scratch.models, LECTURES));
  assert.equal((await run(['sync'])).code, 0);
  writeFileSync(scratch.registry, unlisted);
  const pruned = JSON.parse((await run(['prune', '--allow-empty', '--json'])).stdout) as {
    removed: { name: string }[];
  };
  assert.deepEqual(
    pruned.removed.map(({ name }) => name),
    [LECTURES],
  );
});

test('a wrong hash in the file is exit 5, and nothing is installed', async (t) => {
  const wrong = `sha256-${Buffer.alloc(32, 7).toString('base64')}`;
  const { run, scratch } = await addressProject(t, entry(COMPLETE.replace(SOURCE.hash, wrong)));
  const { code, stdout } = await run(['sync', '--json']);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } };
  assert.deepEqual([code, error.code], [5, 'stale-pin']);
  assert.match(error.message, /does not match modelSources/);
  writeFileSync(scratch.registry, entry(COMPLETE.replace(SOURCE.hash, wrong).replace('size = 5000;', '')));
  const unsized = JSON.parse((await run(['sync', '--json'])).stdout) as { error: { message: string } };
  assert.match(unsized.error.message, /does not match modelSources: its sha256 is [0-9a-f]{64}, not (?:07){32};/);
  assert.deepEqual(scratch.modelNames(), []);
});

test('a moved file and a deleted revision are exit 4', async (t) => {
  for (const url of [
    SOURCE.url.replace('ggml-model.bin', 'ggml-old.bin'),
    SOURCE.url.replace(COMMIT, 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef'),
  ]) {
    const { run, scratch } = await addressProject(t, entry(COMPLETE.replace(SOURCE.url, url)));
    const { code, stdout } = await run(['sync', '--json']);
    const { error } = JSON.parse(stdout) as { error: { code: string } };
    assert.deepEqual([code, error.code, scratch.modelNames()], [4, 'hub-not-found', []]);
  }
});

test('an address on this machine in a registry is refused, and is asked where the user named its host', async (t) => {
  const { run, hub, scratch } = await addressProject(t);
  const other = new URL(`/${REPO}/resolve/main/ggml-model.bin`, hub.endpoint);
  other.hostname = 'localhost';
  writeFileSync(scratch.registry, entry(COMPLETE.replace(SOURCE.url, other.href)));
  const { code, stdout } = await run(['sync', '--json']);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; hint: string } };
  assert.deepEqual([code, error.code], [4, 'hub-refused']);
  assert.match(error.message, /is on this machine or in a private network/);
  assert.match(error.hint, /HF_ENDPOINT/);
  assert.equal(hub.requests.length, 0);
  other.hostname = '127.0.0.1';
  writeFileSync(scratch.registry, entry(COMPLETE.replace(SOURCE.url, other.href)));
  const ran = await run(['sync']);
  assert.equal(ran.code, 0, ran.stderr);
});

test('the lock file pins before modelSources, and a contradiction names both places', async (t) => {
  const { run, scratch } = await addressProject(t, entry(COMPLETE));
  assert.equal((await run(['lock'])).code, 0);
  assert.equal((await run(['sync'])).code, 0);
  const wrong = `sha256-${Buffer.alloc(32, 7).toString('base64')}`;
  writeFileSync(scratch.registry, entry(COMPLETE.replace(SOURCE.hash, wrong)));
  const { code, stdout } = await run(['list', '--json']);
  const { error } = JSON.parse(stdout) as { error: { code: string; message: string; place: { line: number } } };
  assert.deepEqual([code, error.code, error.place.line], [3, 'registry-bad-source', 4]);
  assert.match(error.message, /in the lock file \(.*whisper-models\.lock\.json:\d+:\d+\)/);
  const check = await run(['check', '--json']);
  const { diagnostics } = JSON.parse(check.stdout) as Diagnosed;
  assert.deepEqual([check.code, diagnostics.find(({ code: each }) => each === 'source-contradicts')?.line], [8, 4]);
});

test('check reports sources that nothing lists and those without hash or size, and --fix adds what the hub states', async (t) => {
  const { run, text, scratch } = await addressProject(t, entry(`url = "${SOURCE.url}";`));
  const codes = async (): Promise<readonly string[]> =>
    (JSON.parse((await run(['check', '--json'])).stdout) as Diagnosed).diagnostics.map(({ code }) => code);
  assert.deepEqual(await codes(), ['source-unpinned']);
  const fixed = await run(['check', '--fix']);
  assert.match(fixed.stderr, /completed the source of lectures in modelSources/);
  assert.equal(text(), entry(COMPLETE));
  writeFileSync(scratch.registry, entry(`url = "${SOURCE.url}"; hash = "";`).replace('"lectures"', `"${BASE}"`));
  assert.deepEqual(await codes(), ['source-unlisted', 'source-unpinned']);
  await run(['check', '--fix']);
  const complete = `url = "${SOURCE.url}"; size = 5000; hash = "${SOURCE.hash}";`;
  assert.equal(text(), entry(complete).replace('"lectures"', `"${BASE}"`));
});

test('remove leaves the source, and remove --delete removes it with the line', async (t) => {
  const { run, text, scratch } = await addressProject(t);
  const before = text();
  assert.equal((await run(['add', `${REPO}/ggml-model.bin`, '--as', 'lectures'])).code, 0);
  const added = text();
  assert.equal((await run(['remove', 'lectures'])).code, 0);
  assert.equal(text(), added.replace(`"${LECTURES}"\n`, `# "${LECTURES}"\n`));
  assert.equal((await run(['add', 'lectures'])).code, 0);
  assert.equal(text(), added);
  assert.equal((await run(['remove', '--delete', 'lectures'])).code, 0);
  assert.equal(text(), before.replace('  ];\n', '  ];\n\n  modelSources = { };\n'));
  writeFileSync(
    scratch.registry,
    entry(COMPLETE).replace('  };\n}', `    other.url = "https://models.example/x.bin"; # mine\n  };\n}`),
  );
  assert.equal((await run(['remove', '--delete', 'lectures'])).code, 0);
  assert.equal(
    text(),
    `{
  activeModels = [ ];
  modelSources = {
    other.url = "https://models.example/x.bin"; # mine
  };
}
`,
  );
});

test('an entry that is not a source is exit 3 with its place', async (t) => {
  const { run, scratch } = await addressProject(t);
  const rows: readonly (readonly [string, number, RegExp])[] = [
    ['"../x" = { url = "https://a.example/x"; };', 5, /not a file name of a model/],
    [`x = [ ];`, 5, /is a list, not a set/],
    ['x = { };', 5, /has no url/],
    ['x.url = 5;', 5, /is a number, not a string/],
    ['x.url = "x.bin";', 5, /is not a valid URL/],
    ['x.url = "https://me:secret@a.example/x";', 5, /contains a user name or a password/],
    ['x.url = "http://a.example/x";', 5, /uses http, and the entry has no hash/],
    ['x = {\n      url = "https://a.example/x";\n      hash = "sha256-AAAA";\n    };', 7, /is not a sha256/],
    ['x = {\n      url = "https://a.example/x";\n      size = "5";\n    };', 7, /is not a number of bytes/],
    ['x.url = "https://a.example/x";\n    "ggml-x.bin".url = "https://a.example/x";', 6, /two entries for one model/],
  ];
  for (const [source, line, message] of rows) {
    writeFileSync(
      scratch.registry,
      `{\n  activeModels = [ ];\n  # Sources.\n  modelSources = {\n    ${source}\n  };\n}\n`,
    );
    const { code, stdout } = await run(['list', '--json']);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string; place: { line: number } } };
    assert.deepEqual([code, error.code, error.place.line], [3, 'registry-bad-source', line], source);
    assert.match(error.message, message);
    assert.doesNotMatch(stdout, /secret/);
  }
});

test('the block of a new modelSources follows the style of the list', async (t) => {
  const { run, text } = await addressProject(t, '{\r\n\tactiveModels = [\r\n\t\t"base.en-q5_1"\r\n\t]; # all\r\n}\r\n');
  assert.equal((await run(['add', `${REPO}/ggml-model.bin`, '--as', 'lectures'])).code, 0);
  const sources = sourcesText(LECTURES, SOURCE, 5000, '\t').replaceAll(/^\t(?: {2})+/gm, (all) =>
    all.replaceAll('  ', '\t'),
  );
  assert.equal(
    text(),
    `{\r\n\tactiveModels = [\r\n\t\t"base.en-q5_1"\r\n\t\t"lectures"\r\n\t]; # all\r\n\r\n${sources.replaceAll('\n', '\r\n')}}\r\n`,
  );
});

test('a declared model in the Hugging Face cache, of whatever repository, is not fetched', async (t) => {
  const { run, scratch, hub } = await addressProject(t, entry(COMPLETE));
  scratch.write(`${CACHE}/models--any--other/blobs/${MODEL.entry.sha256}`, MODEL.content);
  const ran = await run(['sync', '--json'], { env: { HF_HUB_OFFLINE: '1' } });
  const { adopted } = JSON.parse(ran.stdout) as { adopted: unknown };
  assert.deepEqual([ran.code, adopted, hub.requests.length], [0, [LECTURES], 0], ran.stdout);
  assert.deepEqual(scratch.modelNames(), [LECTURES]);
});

test('sources that are added at the same time are all written', async (t) => {
  const { scratch, text, env, run } = await addressProject(t);
  const names = ['one', 'two', 'three', 'four'];
  const added = await Promise.all(
    names.map(async (name) => scratch.spawn(['add', `${REPO}/ggml-model.bin`, '--as', name], { env })),
  );
  assert.deepEqual(
    added.map(({ code, stderr }) => [code, stderr]),
    names.map(() => [0, '']),
  );
  for (const name of names)
    assert.equal(text().split(`"ggml-${name}.bin"`).length, 3, 'in the list and in the sources');
  assert.equal(text().split(`hash = "${SOURCE.hash}"`).length, 5);
  assert.deepEqual((JSON.parse((await run(['check', '--json'])).stdout) as Diagnosed).diagnostics, []);
});

test('check --fix adds no hash of a file that came from another address than the source names', async (t) => {
  const { run, hub, text, scratch } = await addressProject(t, entry(`url = "${SOURCE.url}";`));
  const other = sampleModel('other', 5000);
  hub.put({ repo: REPO, path: 'ggml-other.bin', revision: COMMIT, content: other.content });
  assert.equal((await run(['sync'])).code, 0);
  const url = SOURCE.url.replace('ggml-model.bin', 'ggml-other.bin');
  writeFileSync(scratch.registry, entry(`url = "${url}";`));
  await run(['check', '--fix']);
  const hash = `sha256-${Buffer.from(other.entry.sha256, 'hex').toString('base64')}`;
  assert.equal(text(), entry(`url = "${url}"; hash = "${hash}"; size = 5000;`));
});
