import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import type { Ran } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OWN = 'models/.whisper';

/** A project with one model here and one to fetch, and files of another user, which must not change. */
async function project(t: TestContext) {
  const made = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  assert.equal((await made.run(['sync'])).code, 0);
  const victim = made.scratch.write('elsewhere/precious', 'precious', 0o640);
  for (const name of ['part', 'part.json', 'part.json.tmp'])
    made.scratch.write(`elsewhere/${BASE}.${name}`, Buffer.alloc(5000, name));
  const others = (): readonly string[] =>
    Object.entries(made.scratch.snapshot()).flatMap(([path, is]) =>
      path.startsWith(dirname(victim)) ? `${path} ${is}` : [],
    );
  const before = others();
  const registry = made.scratch.read(made.scratch.registry);
  return {
    ...made,
    victim,
    own: (path: string): string => join(made.scratch.path, OWN, path),
    assertUntouched: () => assert.deepEqual(others(), before),
    assertNotRegistered: () => assert.equal(made.scratch.read(made.scratch.registry), registry),
  };
}

/** One sentence with the path and a next step, and exit code 6. */
function assertSays({ code, stdout }: Ran, sentence: RegExp): void {
  const { error } = JSON.parse(stdout);
  assert.deepEqual([code, error.code], [6, 'disk-failure'], stdout);
  assert.match(error.message, sentence);
  assert.doesNotMatch(error.message, /\n/);
  assert.match(error.hint, /^[A-Z].+[^.]$/);
}

const download = async ({ run }: Pick<HubProject, 'run'>): Promise<Ran> => run(['download', 'base.en', '--json']);

for (const [what, make] of [
  ['a second name of a file', (path: string, victim: string) => linkSync(victim, path)],
  ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
] as const) {
  for (const place of ['lock', `partial/${BASE}.lock`]) {
    test(`${what} in place of ${place} fails the command, and the target is not changed`, async (t) => {
      const made = await project(t);
      const path = made.own(place);
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { force: true });
      make(path, made.victim);
      assertSays(await download(made), /lock is not a lock file created by whisper, so it was not changed$/);
      made.assertUntouched();
      made.assertNotRegistered();
      rmSync(path);
      assert.equal((await download(made)).code, 0);
    });
  }

  for (const place of [`partial/${BASE}.part`, `partial/${BASE}.part.json.tmp`, `records/${BASE}.json.tmp`]) {
    test(`${what} in place of ${place} is replaced`, async (t) => {
      const made = await project(t);
      const path = made.own(place);
      mkdirSync(dirname(path), { recursive: true });
      make(path, made.victim);
      assert.equal((await download(made)).code, 0);
      assert.deepEqual(made.scratch.modelNames(), [BASE, TINY]);
      made.assertUntouched();
    });
  }
}

for (const name of ['part', 'part.json', 'part.json.tmp']) {
  test(`a directory in place of FILE.${name} is named in the error and not touched`, async (t) => {
    const made = await project(t);
    const path = made.own(`partial/${BASE}.${name}`);
    mkdirSync(join(path, 'of-another-user'), { recursive: true });
    assertSays(await download(made), new RegExp(`${BASE}\\.part\\S* is a directory, not a file`));
    assertSays(await made.run(['prune', '--json']), new RegExp(`${BASE}\\.${name} is a directory, not a file`));
    assert.deepEqual(readdirSync(path), ['of-another-user']);
    made.assertNotRegistered();
  });
}

test('a directory in place of a record loses the record, not the model', async (t) => {
  for (const name of [`${BASE}.json`, `${BASE}.json.tmp`]) {
    const made = await project(t);
    mkdirSync(made.own(`records/${name}`));
    assertSays(await download(made), new RegExp(`records/${name} is a directory, not a file`));
    assert.deepEqual(made.scratch.modelNames(), [BASE, TINY]);
    assert.match(made.scratch.read(made.scratch.registry), new RegExp(BASE));
    assert.equal((await made.run(['sync'])).code, 0);
  }
});

test('a link that replaces the folder of partial files during a download is not followed', async (t) => {
  const made = await project(t);
  const folder = made.own('partial');
  const act = (): void => {
    renameSync(folder, `${folder}-away`);
    symlinkSync(dirname(made.victim), folder);
  };
  made.hub.inject({ where: 'cdn', act });
  assertSays(await download(made), /partial is a symbolic link/);
  made.assertUntouched();
  made.assertNotRegistered();
  assert.deepEqual(made.scratch.modelNames(), [TINY]);
  rmSync(folder);
  renameSync(`${folder}-away`, folder);
  assert.equal((await download(made)).code, 0, 'what had arrived was kept');
});

test('a link that replaces a partial file during a download is not published', async (t) => {
  const made = await project(t);
  const path = made.own(`partial/${BASE}.part`);
  const act = (): void => {
    rmSync(path);
    symlinkSync(made.victim, path);
  };
  made.hub.inject({ where: 'cdn', act });
  const { code } = await download(made);
  assert.ok(code === 5 || code === 6, String(code));
  made.assertUntouched();
  made.assertNotRegistered();
  assert.deepEqual(made.scratch.modelNames(), [TINY]);
  assert.equal((await download(made)).code, 0);
});

test('a verification writes no record through a link', async (t) => {
  const made = await project(t);
  rmSync(made.own('records'), { recursive: true });
  symlinkSync(dirname(made.victim), made.own('records'));
  assert.equal((await made.run(['verify'])).code, 0);
  assertSays(await made.run(['sync', '--json']), /records is a symbolic link/);
  made.assertUntouched();
});

test('a circular link with the name of a model does not affect other models', async (t) => {
  const made = await project(t);
  symlinkSync(BASE, join(made.scratch.models, BASE));
  for (const command of [['list'], ['prune'], ['sync'], ['verify'], ['check'], ['path', 'tiny.en']])
    assert.equal((await made.run(command)).code, 0, command.join(' '));
  assertSays(await download(made), new RegExp(`${BASE} already exists, so it was not replaced`));
  made.assertNotRegistered();
});

test('a models directory that is a circular link is refused', async (t) => {
  const made = await project(t);
  rmSync(made.scratch.models, { recursive: true });
  symlinkSync('models', made.scratch.models);
  for (const command of [['list'], ['prune'], ['sync'], ['download', 'base.en']])
    assertSays(await made.run([...command, '--json']), /is, or is behind, a symbolic link that is not followed/);
});
