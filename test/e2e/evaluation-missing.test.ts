import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { fakeNix } from '../support/nix.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const COMPUTED = `{ pkgs }:\n{\n  activeModels = [ "${TINY}" ] ++ map (x: x) [ ];\n}\n`;

for (const [name, args, code, says] of [
  [
    'without Nix',
    [],
    'nix-missing',
    /computed at 3:\d+, .*; reading it needs Nix, but nix-instantiate is not on PATH$/,
  ],
  ['with --no-eval', ['--no-eval'], 'registry-computed', /^activeModels is computed at 3:\d+/],
] as const) {
  test(`a computed list ${name} stops everything but edits of its plain part`, async (t) => {
    const { scratch, run, models, hub } = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, COMPUTED);
    const env = name === 'with --no-eval' ? fakeNix(scratch, 'exit 9') : { PATH: join(scratch.path, 'none') };
    scratch.writeModel(BASE, models[BASE]?.content ?? Buffer.alloc(0));
    for (const command of [['list'], ['prune'], ['sync'], ['check'], ['path', 'tiny.en'], ['download', 'base.en']]) {
      const ran = await run([...command, ...args, '--json'], { env });
      const error = jsonError(ran);
      assert.deepEqual([ran.code, error['code']], [3, code], command.join(' '));
      assert.match(String(error['message']), says);
      assert.match(String(error['hint']), /plain list/);
    }
    assert.deepEqual([scratch.modelNames(), hub.requests], [[BASE], []]);
    const added = await run(['add', 'base.en', ...args], { env });
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stderr, /the computed part of the list is unknown/);
    assert.match(scratch.read(scratch.registry), new RegExp(`\\[ "${TINY}" "${BASE}" \\]`));
  });
}

const broken: readonly [name: string, script: string, says: RegExp][] = [
  ['prints garbage and is content', 'echo hello', /the output of Nix is not valid/],
  ['prints nothing and is content', 'exit 0', /the output of Nix is not valid/],
  ['answers another question', 'echo \'{"list":["a"]}\'', /the output of Nix is not valid/],
  ['answers no question', "echo '{}'", /activeModels is nothing, not a list of strings/],
  ['fails after an answer', 'echo \'{"list":{"strings":[]}}\'; exit 1', /Nix failed without an error message/],
  ['fails in words', 'echo "nix: not set up" >&2; exit 127', /Nix says: nix: not set up/],
  ['is killed', 'kill -9 $$', /Nix failed without an error message/],
  [
    'reports nonsense',
    'echo \'@nix {"action":"msg","level":0,"raw_msg":5,"line":-1}\' >&2; exit 1',
    /without an error message/,
  ],
];
for (const [name, script, says] of broken) {
  test(`a Nix that ${name}`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(COMPUTED);
    const model = scratch.writeModel(BASE, Buffer.from('lmgg'));
    const env = fakeNix(scratch, script);
    const ran = await scratch.run(['prune', '--json', '--unmanaged', '--allow-empty'], { env });
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code']], [3, 'registry-eval'], ran.stdout);
    assert.match(String(error['message']), says);
    assert.ok(scratch.exists(model));
  });
}

test('a file that is not executable is not used as Nix', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(COMPUTED);
  scratch.write('folder/nix-instantiate/x', '');
  scratch.write('file/nix-instantiate', '', 0o644);
  const PATH = `${scratch.path}/folder:${scratch.path}/file:relative::`;
  const ran = await scratch.run(['list', '--json'], { env: { PATH } });
  assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'nix-missing']);
});

for (const [reason, exit] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${reason} ends an evaluation with all that it started`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(COMPUTED);
    const pipe = join(scratch.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Who holds the pipe open is alive: the script, and what it started.
    const env = fakeNix(scratch, `exec 3> '${pipe}'\necho ready >&3\nsleep 600 &\nwait`);
    const alive = createReadStream(pipe);
    const controller = new AbortController();
    const running = scratch.run(['prune', '--json'], { env, signal: controller.signal });
    await once(alive, 'data');
    const closed = once(alive, 'close');
    controller.abort(reason);
    const ran = await running;
    assert.equal(ran.code, exit, ran.stdout);
    await closed;
  });
}
