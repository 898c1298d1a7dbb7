import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

/** Two models on the disk, of which the list names what it is given. */
async function project(t: TestContext, active: readonly string[] | string): Promise<HubProject> {
  const it = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, active);
  await it.place([TINY, BASE]);
  return it;
}

test('a valid list is exit 0, also in JSON', async (t) => {
  const { run, scratch } = await project(t, [TINY, BASE]);
  const before = scratch.snapshot();
  const ran = await run(['check']);
  assert.deepEqual(ran, {
    code: 0,
    stdout: '✓ The list is valid, and the folder matches it\n',
    stderr: '',
  });
  const json = await run(['check', '--json']);
  assert.deepEqual(
    [json.code, json.stdout, json.stderr],
    [0, '{"diagnostics":[],"drift":{"missing":[],"extra":[]}}\n', ''],
  );
  assert.deepEqual([(await run(['check', '-q'])).stdout, (await run(['check', '--fix'])).code], ['', 0]);
  assert.deepEqual(scratch.snapshot(), before);
});

test('drift is exit 8, with the missing and the removable models', async (t) => {
  const { run, scratch, place } = await project(t, [TINY, 'ggml-small.en.bin']);
  await place([BASE], true);
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg own'));
  const ran = await run(['check', '--json']);
  assert.equal(ran.code, 8);
  // The catalogue has more than what is on the disk.
  assert.deepEqual(JSON.parse(ran.stdout), {
    diagnostics: [],
    drift: { missing: ['ggml-small.en.bin'], extra: [BASE] },
  });
  const shown = (await run(['check'])).stdout.split('\n');
  assert.deepEqual(shown.slice(0, 3), [
    'missing: small.en (whisper sync downloads)',
    'extra: base.en (whisper prune removes)',
    'Plan: download 1 model (488 MB), remove 1 model (50 B)',
  ]);
  assert.deepEqual([(await run(['check', '-q'])).stdout, (await run(['check', '-q'])).code], ['', 8]);
});

test('diagnostics are printed in the format of compilers, and as JSON objects', async (t) => {
  const text = `# größer\r\n{ activeModels = [\r\n  /* 😀 */ "TINY.EN" "${BASE}"\r\n\t"${BASE}"\r\n]; }\r\n`;
  const { run, scratch } = await project(t, text);
  await run(['verify', 'tiny.en']);
  const file = scratch.registry;
  const ran = await run(['check']);
  assert.equal(ran.code, 8);
  const message =
    '"TINY.EN" is not a model file name or the short name of a known model; did you mean "ggml-tiny.en.bin"?';
  const also = `${BASE} is already listed, on line 3`;
  const [first, second, ...rest] = ran.stdout.split('\n');
  assert.deepEqual([first, second], [`${file}:3:11: error: ${message}`, `${file}:4:2: warning: ${also}`]);
  assert.deepEqual(rest, ['extra: tiny.en (whisper prune is refused)', '']);
  assert.deepEqual(JSON.parse((await run(['check', '--json'])).stdout).diagnostics, [
    { file, line: 3, column: 11, severity: 'error', code: 'bad-name', message, suggestion: TINY },
    { file, line: 4, column: 2, severity: 'warning', code: 'repeated', message: also, suggestion: null },
  ]);
  assert.equal(scratch.read(file), text, 'only --fix writes');
});

test('--fix writes only certain fixes, keeps the rest byte by byte, and reports on standard error', async (t) => {
  const text = `# größer 😀\r\n{ activeModels = [\r\n\t"TINY.EN" # "mine"\r\n\t"${BASE}"\r\n\t"${BASE}" # twice\r\n  "ggml-x.bin"\r\n]; }`;
  const { run, scratch } = await project(t, text);
  const file = scratch.registry;
  const ran = await run(['check', '--fix', '--json']);
  const fixed = text.replace('"TINY.EN"', `"${TINY}"`).replace(`"${BASE}" # twice`, `# "${BASE}" # twice`);
  assert.equal(scratch.read(file), fixed);
  assert.equal(ran.stderr, `fixed on line 3: TINY.EN → ${TINY}\nfixed on line 5: removed the duplicate ${BASE}\n`);
  const { diagnostics, drift, ...more } = JSON.parse(ran.stdout);
  assert.deepEqual(more, {});
  assert.deepEqual(drift, { missing: ['ggml-x.bin'], extra: [] });
  assert.deepEqual([ran.code, diagnostics.length, diagnostics[0].line], [8, 1, 6]);
  const again = await run(['check', '--fix', '--json']);
  assert.deepEqual([again.stdout, again.stderr, scratch.read(file)], [ran.stdout, '', fixed]);
});

test('check --fix is exit 0 where it fixes everything', async (t) => {
  const { run, scratch } = await project(t, [TINY, 'BASE.EN', TINY]);
  assert.deepEqual(
    [(await run(['check', '--fix', '-q'])).code, scratch.read(scratch.registry)],
    [0, `{ pkgs }:\nlet\n  activeModels = [\n    "${TINY}"\n    "${BASE}"\n  ];\nin\n{ inherit activeModels; }\n`],
  );
});

test('--fix does not change a read-only file, and prints the lines to write by hand', async (t) => {
  const { run, scratch } = await project(t, [TINY, 'BASE.EN', TINY]);
  scratch.write(scratch.registry, scratch.read(scratch.registry), 0o444);
  const before = scratch.snapshot();
  const { mode } = statSync(scratch.registry);
  const ran = await run(['check', '--fix', '--json']);
  const error = jsonError(ran);
  assert.deepEqual([ran.code, error['code']], [3, 'registry-read-only']);
  assert.match(
    String(error['hint']),
    /replace "BASE\.EN" with "ggml-base\.en\.bin" on line 5, remove "ggml-tiny\.en\.bin" on line 6/,
  );
  assert.deepEqual([scratch.snapshot(), statSync(scratch.registry).mode], [before, mode]);
  assert.equal((await run(['check'])).code, 8, 'looking is allowed');
});

const UNREADABLE: readonly (readonly [string, string, string])[] = [
  ['[ "a", "b" ]', '1:6', 'a comma in a list'],
  ['{\n  activeModels = [ "a" ];\n  b = {\n}', '1:1', 'this { is not closed'],
];

for (const [text, at, says] of UNREADABLE) {
  test(`${JSON.stringify(text)} cannot be read: exit 3, and one diagnostic`, async (t) => {
    const { run, scratch } = await project(t, text);
    const ran = await run(['check', '--fix', '--no-eval']);
    assert.equal(ran.code, 3);
    const prefix = `${scratch.registry}:${at}: error: `;
    assert.ok(ran.stdout.startsWith(prefix), ran.stdout);
    assert.match(ran.stdout, new RegExp(`${says.replace(/[{`]/g, '\\$&')}[^\\n]*\\n$`));
    const message = ran.stdout.slice(prefix.length).trim();
    assert.ok(!ran.stderr.includes(message) && !ran.stderr.includes(`${scratch.registry}:${at}`), ran.stderr);
    assert.match(ran.stderr, /^( +1 \| .*\n +\| .*\^\n)? +[A-Z].*\n$/);
    assert.match(String(jsonError(await run(['check', '--json', '--no-eval']))['code']), /^registry-/);
    assert.equal(scratch.read(scratch.registry), text);
  });
}

test('without a registry, check prints only the error', async (t) => {
  const scratch = Scratch.create(t);
  scratch.write('.git', '');
  const ran = await scratch.run(['check']);
  assert.deepEqual([ran.code, ran.stdout], [3, '']);
  assert.match(ran.stderr, /^whisper: No registry found/);
});

test('control characters in names are shown escaped', async (t) => {
  const { run } = await project(t, '{ activeModels = [ "a\x1b[31m" "b\\nc" "\u202e" "x\u2028y" ]; }');
  const { stdout, code } = await run(['check']);
  assert.equal(code, 8);
  assert.doesNotMatch(stdout.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}]/u);
  assert.deepEqual(
    stdout.split('\n').flatMap((line) => /"(.*)" is not a model file name/.exec(line)?.[1] ?? []),
    ['a\\x1b[31m', 'b\\x0ac', '\\u{202e}', 'x\\u{2028}y'],
  );
});
