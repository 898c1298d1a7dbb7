import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsNix, withNix } from '../support/nix.ts';
import { BASE, registryText, SMALL, TINY, watchProject } from '../support/watch-project.ts';
import { Watching } from '../support/watching.ts';

const ALL = [BASE, SMALL, TINY];
const without = (name: string): readonly string[] => ALL.filter((each) => each !== name);

test('a registry behind links is followed when a link is switched', async (t) => {
  const { scratch, env, watching: first } = await watchProject(t);
  await first.end('SIGINT');
  const store = (version: string, active: readonly string[]): string =>
    scratch.write(`store/${version}/nix/whisper-manager.nix`, registryText(active));
  store('1', ALL);
  store('2', without(BASE));
  const there = store('3', without(SMALL));
  // As dotfile managers have it: a link to a folder of links.
  mkdirSync(join(scratch.path, 'dotfiles'));
  symlinkSync(join(scratch.path, 'store/1'), join(scratch.path, 'current'));
  symlinkSync('../current/nix/whisper-manager.nix', join(scratch.path, 'dotfiles/whisper-manager.nix'));
  const watching = await Watching.start(t, scratch, env, [
    '--file',
    join(scratch.path, 'dotfiles/whisper-manager.nix'),
  ]);
  // The file of the project is another registry with the same models; it lists none of them any more.
  scratch.writeRegistry(registryText([]));

  const switchLink = (link: string, target: string): void => {
    symlinkSync(target, join(scratch.path, 'new'));
    renameSync(join(scratch.path, 'new'), join(scratch.path, link));
  };
  switchLink('current', join(scratch.path, 'store/2'));
  assert.deepEqual((await watching.next('prune')).removed, [{ name: BASE, size: 5000 }]);
  let from = watching.now;
  switchLink('dotfiles/whisper-manager.nix', there);
  assert.deepEqual((await watching.next('restore', from)).names, [BASE]);
  assert.deepEqual((await watching.next('prune', from)).removed, [{ name: SMALL, size: 6000 }]);
  from = watching.now;
  writeFileSync(there, registryText(ALL));
  assert.deepEqual((await watching.next('restore', from)).names, [SMALL]);
});

test('a session waits for a registry that does not exist yet', async (t) => {
  const { scratch, env, watching: first } = await watchProject(t);
  await first.end('SIGINT');
  rmSync(join(scratch.path, 'nix'), { recursive: true });
  const watching = await Watching.start(t, scratch, env, ['--file', scratch.registry]);
  assert.deepEqual((await watching.next('ready')).active, []);
  assert.equal((await watching.next('hold')).reason, 'absent');
  scratch.writeRegistry(registryText(without(BASE)));
  assert.deepEqual((await watching.next('change')).added, [TINY, SMALL]);
  assert.deepEqual((await watching.next('prune')).removed, [{ name: BASE, size: 5000 }]);
  // From now on events arrive at once, although the folder is newer than the session.
  const from = watching.now;
  scratch.writeRegistry(registryText(ALL));
  assert.deepEqual((await watching.next('restore', from)).names, [BASE]);
});

test('a partly written registry removes no model that the whole one lists', async (t) => {
  const { scratch, env, watching: first } = await watchProject(t);
  await first.end('SIGINT');
  rmSync(join(scratch.path, 'nix'), { recursive: true });
  const watching = await Watching.start(t, scratch, env, ['--file', scratch.registry]);
  await watching.next('hold');
  const [half, whole] = [`{ activeModels = [ "${TINY}" ]; }`, registryText(without(BASE))];
  const script = 'mkdir nix; printf %s "$HALF" > "$F"; sleep 0.1; printf %s "$WHOLE" > "$F"';
  const variables = { ...process.env, F: scratch.registry, HALF: half, WHOLE: whole };
  execFileSync('sh', ['-c', script], { cwd: scratch.path, env: variables });
  assert.deepEqual((await watching.next('prune')).removed, [{ name: BASE, size: 5000 }]);
  assert.deepEqual((await watching.next('change')).added, [TINY, SMALL]);
});

test('a session resumes when a damaged lock file is removed', async (t) => {
  const { scratch, watching } = await watchProject(t);
  scratch.write('nix/whisper-models.lock.json', 'no lock file');
  scratch.writeRegistry(registryText(without(BASE)));
  assert.match((await watching.next('hold')).message, /whisper-models\.lock\.json/);
  rmSync(join(scratch.path, 'nix/whisper-models.lock.json'));
  assert.deepEqual((await watching.next('prune')).removed, [{ name: BASE, size: 5000 }]);
});

test('a folder that is renamed away and back, or replaced by another, is followed', async (t) => {
  const { scratch, watching } = await watchProject(t);
  const folder = join(scratch.path, 'nix');
  renameSync(folder, `${folder}.away`);
  await watching.next('hold');
  writeFileSync(`${folder}.away/whisper-manager.nix`, registryText(without(SMALL)));
  renameSync(`${folder}.away`, folder);
  assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);

  let from = watching.now;
  scratch.write('other/whisper-manager.nix', registryText(ALL));
  renameSync(folder, `${folder}.old`);
  renameSync(join(scratch.path, 'other'), folder);
  assert.deepEqual((await watching.next('restore', from)).names, [SMALL]);
  from = watching.now;
  scratch.writeRegistry(registryText(without(TINY)));
  assert.deepEqual((await watching.next('prune', from)).removed, [{ name: TINY, size: 4000 }]);
});

test('files that a computed list imports are watched too', needsNix, async (t) => {
  const computed = `{ pkgs }:\nlet\n  activeModels = import ./lists.nix ++ builtins.fromJSON (builtins.readFile ./more.json);\nin\n{ inherit activeModels; }\n`;
  const { scratch, env, watching: first } = await watchProject(t);
  await first.end('SIGINT');
  scratch.write('nix/names/tiny.nix', `"${TINY}"`);
  scratch.write('nix/lists.nix', `[ (import ./names/tiny.nix) "${BASE}" ]`);
  scratch.write('nix/more.json', JSON.stringify([SMALL]));
  scratch.writeRegistry(computed);
  const watching = await Watching.start(t, scratch, { ...env, ...withNix() });
  assert.deepEqual((await watching.next('ready')).active, [TINY, BASE, SMALL]);
  scratch.write('nix/more.json', '[]');
  assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);
  let from = watching.now;
  scratch.write('nix/more.json', '[');
  assert.equal((await watching.next('hold', from)).reason, 'invalid');
  scratch.write('nix/more.json', JSON.stringify([SMALL]));
  assert.deepEqual((await watching.next('restore', from)).names, [SMALL]);
  from = watching.now;
  scratch.write('nix/names/tiny.nix', `"${BASE}"`);
  assert.deepEqual((await watching.next('prune', from)).removed, [{ name: TINY, size: 4000 }]);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL]);
});
