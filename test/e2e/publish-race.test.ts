import assert from 'node:assert/strict';
import { linkSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { LOCK } from '../support/lock-text.ts';
import { fakeNix, needsNix, realNix } from '../support/nix.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const OWN = 'the only copy of these bytes';

/**
 * A project whose list is computed and has a lock file, so that Nix runs between the edit of the list and the moment when
 * the model gets its name: that is when another program writes a file of this name.
 */
async function raced(t: TestContext) {
  const project = await hubProject(
    t,
    { [TINY]: 4000, [BASE]: 5000 },
    `{ activeModels = [ "${TINY}" ] ++ map (x: x) [ ]; }`,
  );
  const { scratch, env } = project;
  const path = join(scratch.models, BASE);
  const script = `if grep -q '"${BASE}"' '${scratch.registry}' && [ -e '${path}.go' ]; then
    rm -f '${path}' '${path}.go'; printf '%s' '${OWN}' >'${path}'; fi
    exec '${realNix()}' "$@"`;
  const nix = fakeNix(scratch, script);
  const spawn = (...args: string[]) => scratch.spawn(args, { env: { ...env, ...nix } });
  assert.equal((await spawn('sync')).code, 0);
  assert.equal((await spawn('lock')).code, 0);
  scratch.write(`models/${BASE}.go`, '');
  return { ...project, path, spawn };
}

test('a download does not replace a file that appears just before publishing', needsNix, async (t) => {
  const { scratch, models, hub, path, spawn } = await raced(t);
  const ran = await spawn('download', 'base.en');
  assert.equal(ran.code, 6, ran.stderr);
  assert.match(ran.stderr, /already exists, so it was not replaced/);
  assert.equal(readFileSync(path, 'utf8'), OWN);
  assert.deepEqual(readFileSync(join(scratch.models, '.whisper/partial', `${BASE}.part`)), models[BASE]?.content);
  rmSync(path);
  hub.requests.length = 0;
  const again = await spawn('sync');
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(readFileSync(path), models[BASE]?.content);
  assert.ok(
    hub.requests.every(({ origin }) => origin === 'hub'),
    'the bytes were here already',
  );
  assert.ok(scratch.exists(LOCK));
});

test('download --force replaces only the file that existed when it began', needsNix, async (t) => {
  const { scratch, models, path, spawn } = await raced(t);
  scratch.writeModel(BASE, Buffer.from('lmgg bad bytes'));
  const ran = await spawn('download', 'base.en', '--force');
  assert.equal(ran.code, 6, ran.stderr);
  assert.equal(readFileSync(path, 'utf8'), OWN);
  const again = await spawn('download', 'base.en', '--force');
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(readFileSync(path), models[BASE]?.content);
  assert.equal(scratch.exists(`models/.whisper/partial/${BASE}.part`), false);
});

test('a model that also has the name of its partial file is finished by the next sync', async (t) => {
  const { scratch, models, run } = await hubProject(t, { [TINY]: 4000 }, [TINY]);
  assert.equal((await run(['sync'])).code, 0);
  const partial = join(scratch.models, '.whisper/partial', `${TINY}.part`);
  linkSync(join(scratch.models, TINY), partial);
  assert.equal((await run(['sync'])).code, 0);
  assert.equal(scratch.exists(partial), false);
  assert.deepEqual(readFileSync(join(scratch.models, TINY)), models[TINY]?.content);
});
