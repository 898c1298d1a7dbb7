import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withLock } from '../../src/adapters/lock/flock.ts';
import { holdLock } from '../support/held-lock.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { assertPublished, jsonError, OLD, WANTED, wantedModel } from './wanted-model.ts';

const noWait = { wait: 0, delay: async (): Promise<void> => {} };
const transfers = ({ hub }: HubProject): number => hub.requests.filter(({ origin }) => origin === 'cdn').length;

function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

for (const args of [['prune'], ['sync'], ['download', 'base.en']]) {
  test(`whisper ${args.join(' ')} waits for a lock, then names the process that holds it`, async (t) => {
    const project = await wantedModel(t);
    const { scratch, run } = project;
    const before = scratch.modelNames();
    let waits = 0;
    const delay = async (): Promise<void> => void (waits += 1);
    await withLock(`${scratch.models}/.whisper/lock`, noWait, async () => {
      const atOnce = await run([...args, '--wait', '0', '--json'], { delay });
      const error = jsonError(atOnce);
      assert.deepEqual([atOnce.code, error['code'], waits], [7, 'busy', 0]);
      assert.match(
        String(error['message']),
        new RegExp(`Process ${process.pid} on \\S+ is using the models directory`),
      );
      assert.match(String(error['hint']), /--wait/);
      assert.equal(error['pid'], process.pid);
      assert.equal((await run([...args, '--wait', '0.5'], { delay })).code, 7);
      assert.ok(waits > 0);
      assert.equal((await run([...args, '--dry-run'], { delay })).code, 0, 'who only looks needs no lock');
      assert.equal((await run(['list'])).code, 0);
    });
    assert.deepEqual(scratch.modelNames(), before);
    assert.equal(project.hub.requests.length, 0);
    assert.equal((await run(args)).code, 0, 'the lock is free again');
    assert.equal(scratch.read('models/.whisper/lock'), '', 'a free lock names no holder');
  });
}

test('the lock file of a process that died does not lock', async (t) => {
  const { scratch, run } = await wantedModel(t);
  scratch.write('models/.whisper/lock', '{"pid":1,"host":"gone"}');
  scratch.write(`models/.whisper/partial/${WANTED}.lock`, '{"pid":1,"host":"gone"}');
  assert.equal((await run(['download', 'base.en', '--wait', '0'])).code, 0);
});

test('a download waits for another process that downloads the same model, and names it', async (t) => {
  const project = await wantedModel(t);
  const { opened, open } = gate();
  const held = project.hub.inject({ where: 'cdn', slowHeaders: opened });
  const first = project.run(['download', 'base.en', '--json']);
  await held.taken;
  const second = await project.run(['download', 'base.en', '--json', '--wait', '0']);
  assert.deepEqual([second.code, jsonError(second)['code']], [7, 'busy']);
  open();
  assertPublished(project, await first);
});

test('two processes that download the same model fetch it once', async (t) => {
  const project = await wantedModel(t);
  const { scratch, env, hub } = project;
  const { opened, open } = gate();
  const held = hub.inject({ where: 'cdn', slowHeaders: opened });
  const first = scratch.spawn(['download', 'base.en', '--json'], { env });
  await held.taken;
  // The second one talks when it has read the registry; whether it then waits or comes late, it fetches nothing.
  const second = scratch.spawn(['download', 'base.en', '--json', '-v'], { env, onStderr: () => open() });
  const [one, two] = await Promise.all([first, second]);
  assertPublished(project, one);
  assertPublished(project, two);
  assert.equal(transfers(project), 1);
  assert.deepEqual(JSON.parse(two.stdout).present, [WANTED]);
  assert.deepEqual(JSON.parse(one.stdout).registered, [WANTED]);
  assert.equal(scratch.read(scratch.registry).split(WANTED).length, 2, 'registered once');
});

test('two registries that download the same model at once both list it', async (t) => {
  const project = await wantedModel(t);
  const { scratch, env, hub } = project;
  const other = scratch.write('other.nix', '{ activeModels = [ ]; }\n');
  const { opened, open } = gate();
  const held = hub.inject({ where: 'cdn', slowHeaders: opened });
  const first = project.run(['download', 'base.en', '--json']);
  await held.taken;
  const second = scratch.spawn(['download', 'base.en', '--json', '-v', '-f', other], { env, onStderr: () => open() });
  const [one, two] = await Promise.all([first, second]);
  assertPublished(project, one);
  assertPublished(project, two);
  assert.equal(transfers(project), 1);
  assert.match(scratch.read(other), new RegExp(WANTED));
  assert.deepEqual(JSON.parse(two.stdout).registered, [WANTED]);
});

test('a prune during a download does not touch it', async (t) => {
  const project = await wantedModel(t);
  const { scratch, run, hub } = project;
  const { opened, open } = gate();
  const held = hub.inject({ where: 'cdn', slowHeaders: opened });
  const downloading = run(['download', 'base.en', '--json']);
  await held.taken;
  const pruned = await run(['prune', '--json', '--unmanaged']);
  assert.deepEqual([pruned.code, JSON.parse(pruned.stdout).kept], [0, [OLD]]);
  assert.ok(scratch.exists(`models/.whisper/partial/${WANTED}.part`));
  open();
  assertPublished(project, await downloading);
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [WANTED, OLD]);
});

test('eight concurrent downloads of a model end with one valid file', async (t) => {
  const project = await hubProject(t, { [OLD]: 4096, [WANTED]: 300_000 }, [OLD]);
  const { scratch, env } = project;
  const commands = Array.from({ length: 8 }, (_, index) => (index % 4 === 3 ? ['sync'] : ['download', 'base.en']));
  const ran = await Promise.all(commands.map((args) => scratch.spawn([...args, '--json'], { env })));
  for (const { code, stdout, stderr } of ran) assert.equal(code, 0, stdout + stderr);
  assert.equal((await project.run(['sync'])).code, 0);
  assertPublished(project, ran[0] ?? assert.fail());
  assert.equal(transfers(project), 2, 'each model came once');
  assert.equal(scratch.read(scratch.registry).split(WANTED).length, 2);
});

test('a signal ends the wait for a lock', async (t) => {
  const { scratch, env } = await wantedModel(t);
  await withLock(`${scratch.models}/.whisper/lock`, noWait, async () => {
    const ran = await scratch.spawn(['prune', '--wait', '0.1'], { env });
    assert.equal(ran.code, 7, ran.stderr);
    let isTold = false;
    const onStderr = (_text: string, kill: (signal: NodeJS.Signals) => void): void => {
      // A second signal would end it the hard way.
      if (!isTold) kill('SIGTERM');
      isTold = true;
    };
    const stopped = await scratch.spawn(['prune', '--wait', '600', '-v'], { env, onStderr });
    assert.equal(stopped.code, 143, stopped.stderr);
  });
});

test('a registry that names another models directory by the time of the lock is not acted on', async (t) => {
  const { scratch, run } = await hubProject(
    t,
    { 'ggml-tiny.en.bin': 4000 },
    '{ activeModels = [ ]; modelsDir = "/nowhere"; }\n',
  );
  const [old, other] = [join(scratch.path, 'old'), join(scratch.path, 'other')];
  const text = (folder: string): string => `{ activeModels = [ "ggml-tiny.en.bin" ]; modelsDir = "${folder}"; }\n`;
  scratch.writeRegistry(text(old));
  const env = { WHISPER_MODELS_PATH: '' };
  const release = await holdLock(old);
  const delay = async (): Promise<void> => {
    scratch.writeRegistry(text(other));
    await release();
  };
  const ran = await run(['sync', '--json'], { env, delay });
  const { code, message } = jsonError(ran);
  assert.deepEqual([ran.code, code], [7, 'registry-busy']);
  assert.ok(String(message).includes(`its models directory is ${other} now`), String(message));
  assert.equal(existsSync(other), false);
  assert.equal((await run(['sync'], { env })).code, 0);
  assert.ok(existsSync(join(other, 'ggml-tiny.en.bin')));
});
