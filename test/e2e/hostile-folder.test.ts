import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OWN = 'models/.whisper';

/** A project with one model here, one to fetch, one to prune, and a file of another user. */
async function project(t: TestContext): Promise<HubProject & { readonly victim: string }> {
  const made = await hubProject(t, { [TINY]: 4000, [BASE]: 5000, 'ggml-old.bin': 3000 }, [TINY, 'ggml-old.bin']);
  await made.run(['sync']);
  made.scratch.writeRegistry([TINY, BASE]);
  return { ...made, victim: made.scratch.write('elsewhere/precious', 'precious', 0o640) };
}

function assertUntouched({ scratch, victim }: HubProject & { readonly victim: string }, about: string): void {
  assert.equal(scratch.read(victim), 'precious', about);
  assert.equal(statSync(victim).mode & 0o777, 0o640, about);
  assert.deepEqual(
    Object.keys(scratch.snapshot()).filter((path) => path.includes('/elsewhere/')),
    [victim],
    about,
  );
}

test('a link in place of a file of the program is never written through', async (t) => {
  const places = [
    `${OWN}/lock`,
    `${OWN}/partial/${BASE}.part`,
    `${OWN}/partial/${BASE}.lock`,
    `${OWN}/partial/${BASE}.part.json`,
    `${OWN}/partial/${BASE}.part.json.tmp`,
    `${OWN}/records/${BASE}.json`,
    `${OWN}/records/${BASE}.json.tmp`,
    `models/${BASE}`,
  ];
  for (const place of places) {
    const made = await project(t);
    const { scratch, run, victim } = made;
    const path = join(scratch.path, place);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    symlinkSync(victim, path);
    const { code, stderr } = await run(['sync']);
    assertUntouched(made, place);
    assert.ok(code === 0 || code === 5 || code === 6, `${place}: ${code} ${stderr}`);
    if (code !== 0) {
      rmSync(path, { force: true });
      assert.equal((await run(['sync'])).code, 0, place);
    }
    assert.ok(lstatSync(join(scratch.models, BASE)).isFile(), place);
  }
});

test('a link or a file in place of a folder of the program is exit 6', async (t) => {
  for (const folder of ['', '/records', '/partial', '/roots', '/undo']) {
    const made = await project(t);
    const { scratch, run } = made;
    const path = join(scratch.path, `${OWN}${folder}`);
    const elsewhere = join(scratch.path, 'elsewhere');
    rmSync(path, { recursive: true, force: true });
    symlinkSync(elsewhere, path);
    for (const command of [['sync'], ['prune'], ['download', 'base.en']]) {
      const { code, stdout } = await run([...command, '--json']);
      assert.deepEqual([code, JSON.parse(stdout).error.code], [6, 'disk-failure'], `${folder} ${command.join(' ')}`);
      assert.ok(JSON.parse(stdout).error.message.includes(`${path} is a symbolic link`), stdout);
      assertUntouched(made, folder);
    }
    assert.deepEqual(scratch.modelNames(), ['ggml-old.bin', TINY]);
    rmSync(path);
    scratch.write(path, 'a file');
    assert.equal((await run(['prune'])).code, 6);
  }
});

test('a pipe, a directory or a link in place of a note counts as absent, without waiting', async (t) => {
  const { scratch, run, victim } = await project(t);
  const note = (path: string): string => join(scratch.path, OWN, path);
  execFileSync('mkfifo', [note('roots/pipe.json'), note(`records/${BASE}.json`)]);
  mkdirSync(note('roots/folder.json'));
  symlinkSync(victim, note('roots/link.json'));
  const { code, stderr } = await run(['prune']);
  assert.equal(code, 0);
  for (const name of ['pipe', 'folder', 'link'])
    assert.match(stderr, new RegExp(`Cannot read .*roots/${name}\\.json: ignored`));
  assert.deepEqual(scratch.modelNames(), [TINY]);
});

test('the models directory itself may be a link', async (t) => {
  const { scratch, run } = await project(t);
  renameSync(scratch.models, join(scratch.path, 'disk'));
  symlinkSync(join(scratch.path, 'disk'), scratch.models);
  assert.equal((await run(['sync'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
});

const HOSTILE = [
  '../x',
  'a/b',
  'ggml-a\n.bin',
  'ggml-\u001B[31m.bin',
  `ggml-${'x'.repeat(300)}.bin`,
  '',
  'ggml-/../x.bin',
];

test('a hostile name is refused, from the list and as an operand', async (t) => {
  const { scratch, run } = await project(t);
  const before = scratch.modelNames();
  const commands = ['download', 'add', 'remove', 'verify', 'path', 'why'];
  for (const name of HOSTILE) {
    for (const command of commands) {
      const ran = await run([command, name]);
      assert.equal(ran.code, command === 'remove' && ran.code === 0 ? 0 : 2, `${command} ${name}: ${ran.stderr}`);
      assert.doesNotMatch(ran.stdout + ran.stderr, /\u001B/);
    }
    const literal = JSON.stringify(name).replace('\\u001b', '\u001B');
    scratch.writeRegistry(`{ activeModels = [ ${literal} ]; }\n`);
    for (const command of [['sync'], ['prune', '--allow-empty'], ['download', 'base.en'], ['list'], ['check']]) {
      const ran = await run(command);
      assert.ok(ran.code === 3 || ran.code === 8 || command[0] === 'list', `${command.join(' ')} ${name}: ${ran.code}`);
      assert.doesNotMatch(ran.stdout + ran.stderr, /\u001B/, `${command.join(' ')} ${name}`);
    }
    assert.deepEqual(scratch.modelNames(), before);
    scratch.writeRegistry([TINY, BASE]);
  }
});
