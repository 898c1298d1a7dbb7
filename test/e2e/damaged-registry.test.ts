import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { jsonError } from './wanted-model.ts';

const KEPT = 'ggml-tiny.en.bin';
const GONE = 'ggml-base.en.bin';
const REGISTRY = `{ pkgs }:
let
  activeModels = [
    "${KEPT}"
    # "${GONE}"
  ];
  modelsDir = "/srv/models";
in
{ inherit activeModels; packages = [ pkgs.hello ]; }
`;

async function project(t: TestContext): Promise<HubProject> {
  const it = await hubProject(t, { [KEPT]: 40, [GONE]: 50 }, REGISTRY);
  for (const name of [KEPT, GONE]) it.scratch.writeModel(name, it.models[name]?.content ?? Buffer.alloc(0));
  return it;
}

async function assertStopped({ run, scratch }: HubProject, text: string): Promise<void> {
  scratch.writeRegistry(text);
  const ran = await run(['prune', '--json', '--unmanaged', '--allow-empty']);
  assert.equal(ran.code, 3, `${JSON.stringify(text)} ${ran.stdout}`);
  assert.ok(jsonError(ran)['hint']);
  assert.deepEqual(scratch.modelNames(), [GONE, KEPT], text);
  assert.equal(scratch.read(scratch.registry), text);
}

test('a truncated registry removes nothing', async (t) => {
  const it = await project(t);
  for (let end = 0; end < REGISTRY.trimEnd().length; end += 1) await assertStopped(it, REGISTRY.slice(0, end));
});

for (const stray of [')', ']', '}', '"', " ''", '%', '= ', '${', '<<<<<<< HEAD\n']) {
  test(`a registry with a stray ${JSON.stringify(stray)} anywhere removes nothing`, async (t) => {
    const it = await project(t);
    const tokens = [...REGISTRY.matchAll(/#.*|"[^"]*"|[\w.]+|[^\s\w]/g)].filter(([token]) => !token.startsWith('#'));
    for (const { index } of tokens) await assertStopped(it, REGISTRY.slice(0, index) + stray + REGISTRY.slice(index));
  });
}

const hostile: readonly [string, string][] = [
  ['a parent folder', '../x'],
  ['an absolute path', '/etc/passwd'],
  ['a folder below', 'sub/ggml-x.bin'],
  ['a newline', 'ggml-\\nx.bin'],
  ['an escape sequence', 'ggml-\x1b]0;owned\x07.bin'],
  ['a sequence of one byte', 'ggml-\u009b31m.bin'],
  ['letters that turn the line around', 'ggml-\u202enib.bin'],
  ['nothing', ''],
  ['a misspelt short name', 'base.enn'],
  ['a short name with a part of the file name', 'ggml-base.en'],
  ['a short name with a suffix', 'base.en.bin'],
  ['a short name in a folder', './base.en'],
  ['a short name in capitals', 'Base.en'],
  ['a short name with a blank', 'base.en '],
  ['a name too long for a disk', `ggml-${'x'.repeat(300)}.bin`],
];
for (const [name, entry] of hostile) {
  test(`a list with ${name} in it removes nothing and is shown escaped`, async (t) => {
    const it = await project(t);
    const { scratch, run } = it;
    await assertStopped(it, `{ activeModels = [ "${KEPT}" "${entry}" ]; }`);
    for (const args of [['prune'], ['sync'], ['download', 'tiny.en'], ['list']]) {
      const ran = await run(args);
      assert.equal(ran.code, args[0] === 'list' ? 0 : 3, ran.stderr);
      assert.doesNotMatch((ran.stdout + ran.stderr).replaceAll('\n', ''), /[\p{Cc}\u202e]/u);
    }
    assert.deepEqual(scratch.modelNames(), [GONE, KEPT]);
    assert.deepEqual(it.hub.requests, []);
  });
}

test('an unknown name in the list is reported before anything changes', async (t) => {
  const it = await project(t);
  const { scratch, run } = it;
  scratch.writeRegistry([KEPT, 'ggml-base.enn.bin']);
  const before = scratch.snapshot();
  const ran = await run(['sync', '--json']);
  const error = jsonError(ran);
  assert.deepEqual([ran.code, error['code']], [3, 'registry-unknown-model']);
  assert.match(String(error['hint']), /did you mean base\.en/);
  assert.deepEqual(scratch.snapshot(), before);
});

test('without a registry, the searched places are named', async (t) => {
  const { scratch } = await project(t);
  const empty = scratch.write('empty/.git', '').replace(/\/\.git$/, '');
  for (const [args, says] of [
    [['prune'], /nix\/whisper-manager\.nix/],
    [['prune', '-f', 'none.nix'], /none\.nix does not exist/],
  ] as const) {
    const ran = await scratch.run([...args, '--json'], { cwd: empty });
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-not-found']);
    assert.match(String(jsonError(ran)['message']), says);
  }
});

test('every command reports a dangling link as the registry, and does not use the one of a parent', async (t) => {
  const { scratch } = await project(t);
  const places: readonly [folder: string, link: string][] = [
    ['file', 'nix/whisper-manager.nix'],
    ['folder', 'nix'],
  ];
  for (const [name, link] of places) {
    const path = join(scratch.path, name, link);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync('/nonexistent/gone', path);
    const commands = [
      'list',
      'check',
      'prune',
      'sync',
      'env',
      'verify',
      'lock',
      'init',
      'watch',
      'download tiny',
      'add tiny',
      'remove tiny',
      'path tiny',
      'why tiny',
      'list -f nix/whisper-manager.nix',
    ];
    for (const command of commands) {
      const ran = await scratch.run([...command.split(' '), '--json'], { cwd: join(scratch.path, name) });
      const error = jsonError(ran);
      assert.deepEqual([ran.code, error['code']], [3, 'registry-not-found'], command + ran.stdout);
      assert.match(String(error['message']), /whisper-manager\.nix is a dangling link: \/nonexistent/, command);
    }
  }
});
