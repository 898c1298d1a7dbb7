import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';

// Node loads no addon with this option, as on systems that the addons have no binary for, such as musl.
const NODE_OPTIONS = '--no-addons';
const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

test('without addons, models are downloaded, listed, verified and pruned, and the registry is edited', async (t) => {
  const { scratch, env: project } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  const env = { ...project, NODE_OPTIONS };
  const done = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await scratch.spawn(args, { env });
    assert.equal(code, 0, `${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  };
  await done('sync');
  const before = scratch.read(scratch.registry);
  chmodSync(scratch.registry, 0o640);
  await done('download', 'base.en');
  assert.match(scratch.read(scratch.registry), new RegExp(`"${BASE}"`));
  assert.equal(statSync(scratch.registry).mode & 0o777, 0o640);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  await done('verify');
  await done('remove', '--delete', 'base.en');
  assert.equal(scratch.read(scratch.registry), before);
  await done('prune');
  assert.deepEqual(scratch.modelNames(), [TINY]);
  assert.match(
    await done('doctor'),
    /locks +Kernel locks cannot be used here, so files that name their process are used/,
  );
  const left = [join(scratch.models, '.whisper'), join(scratch.models, '.whisper/partial'), join(scratch.path, 'nix')]
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => /held|shared|tmp|edit/.test(name));
  assert.deepEqual(left, []);
});

test('without addons, eight processes that download the same model fetch it once', async (t) => {
  const { scratch, env, hub } = await hubProject(t, { [BASE]: 300_000 }, []);
  const ran = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      scratch.spawn(['download', 'base.en'], { env: index % 2 === 0 ? { ...env, NODE_OPTIONS } : env }),
    ),
  );
  for (const { code, stdout, stderr } of ran) assert.equal(code, 0, stdout + stderr);
  assert.equal(hub.requests.filter(({ origin }) => origin === 'cdn').length, 1);
  assert.deepEqual(scratch.modelNames(), [BASE]);
});
