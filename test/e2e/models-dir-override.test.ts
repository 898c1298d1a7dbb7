import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

/** A project whose registry sets `modelsDir` to a Nix expression, while `WHISPER_MODELS_PATH` names `models`. */
async function project(t: TestContext, modelsDir: (own: string) => string): Promise<HubProject & { own: string }> {
  const made = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
  const own = join(made.scratch.path, 'own');
  made.scratch.writeRegistry(
    `{ pkgs }:\nlet\n  activeModels = [ "${TINY}" ];\n  modelsDir = ${modelsDir(own)};\nin\n{ inherit activeModels modelsDir; }\n`,
  );
  return { ...made, own };
}

const NOTICE = /Using .* instead of .*/g;

test('commands that write say once that WHISPER_MODELS_PATH overrides another modelsDir', async (t) => {
  const { scratch, env, own } = await project(t, (path) => JSON.stringify(path));
  const writing = [['sync', '-n'], ['sync'], ['download', BASE], ['prune'], ['verify', '--repair']];
  for (const args of writing) {
    const { code, stderr } = await scratch.spawn(args, { env });
    assert.equal(code, 0, stderr);
    // A pipe has no width, so the notice is one line.
    assert.deepEqual(
      stderr.match(NOTICE),
      [
        `Using ${scratch.models} (WHISPER_MODELS_PATH) instead of ${own} (modelsDir in ${scratch.registry}); unset WHISPER_MODELS_PATH to use modelsDir`,
      ],
      args.join(' '),
    );
  }
  const chosen = await scratch.spawn(['download'], { env, stdin: 'tiny.en\n' });
  assert.equal(chosen.stderr.match(NOTICE)?.length, 1, chosen.stderr);
  for (const args of [['list'], ['path', 'tiny.en'], ['verify'], ['check'], ['prune', '-q']])
    assert.doesNotMatch((await scratch.spawn(args, { env })).stderr, NOTICE, args.join(' '));
  assert.equal(scratch.exists('own'), false);
});

test('watch says once that WHISPER_MODELS_PATH overrides another modelsDir', async (t) => {
  const { scratch, env } = await project(t, (path) => JSON.stringify(path));
  await scratch.spawn(['sync', '-q'], { env });
  const child = scratch.start(['watch', '--json'], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const events = new Set<string>();
  await new Promise<void>((done) => {
    child.on('close', () => done());
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      for (const [, event = ''] of text.matchAll(/"event":"(\w+)"/g)) {
        if (event === 'ready' && !events.has(event))
          scratch.writeRegistry(scratch.read('nix/whisper-manager.nix').replace(`"${TINY}"`, `"${BASE}"`));
        if (event === 'prune') child.kill('SIGTERM');
        events.add(event);
      }
    });
  });
  assert.ok(events.has('prune'), [...events].join(' '));
  assert.equal(stderr.match(NOTICE)?.length, 1, stderr);
});

const silent: readonly [string, (own: string) => string, readonly string[]][] = [
  ['names the same directory through a link', (own) => `"${own}/../link/models/"`, []],
  ['starts with the home directory', () => '"~/models"', []],
  ['asks for WHISPER_MODELS_PATH itself', () => 'builtins.getEnv "WHISPER_MODELS_PATH"', []],
  ['is overridden by --models-dir', (own) => `"${own}"`, ['--models-dir', 'elsewhere']],
  ['is computed', (own) => `builtins.head [ "${own}" ]`, []],
];
for (const [what, modelsDir, args] of silent) {
  test(`no notice for a modelsDir that ${what}`, async (t) => {
    const { scratch, env } = await project(t, modelsDir);
    symlinkSync('.', join(scratch.path, 'link'));
    const { code, stderr } = await scratch.spawn(['sync', ...args], { env: { ...env, PATH: '/nonexistent' } });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, NOTICE);
  });
}
