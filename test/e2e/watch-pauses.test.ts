import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { PauseReason } from '../../src/core/watch/events.ts';
import { Watching } from '../support/watching.ts';
import { BASE, registryText, SMALL, TINY, watchProject, type WatchProject } from '../support/watch-project.ts';

const ALL = [BASE, SMALL, TINY];
const WHOLE = registryText(ALL);
const saveAs =
  (text: string) =>
  ({ scratch }: WatchProject): void =>
    void scratch.write(scratch.registry, text);

/** What happens to a registry that must not cost a model, and what is said. */
const UNWRITTEN = /until then nothing is removed or written$/;
const MISHAPS: Readonly<
  Record<
    string,
    { readonly reason: PauseReason; readonly says?: RegExp; readonly happen: (project: WatchProject) => void }
  >
> = {
  'it is truncated': { reason: 'empty', happen: ({ scratch }) => truncateSync(scratch.registry) },
  'half of it is saved': {
    reason: 'invalid',
    says: UNWRITTEN,
    happen: saveAs(WHOLE.slice(0, WHOLE.indexOf('"ggml-small'))),
  },
  'it is deleted': { reason: 'absent', happen: ({ scratch }) => unlinkSync(scratch.registry) },
  'a folder replaces it': {
    reason: 'invalid',
    happen: ({ scratch }) => {
      unlinkSync(scratch.registry);
      mkdirSync(scratch.registry);
    },
  },
  'its folder is renamed away': {
    reason: 'absent',
    happen: ({ scratch }) => renameSync(join(scratch.path, 'nix'), join(scratch.path, 'elsewhere')),
  },
  'the binding is gone': { reason: 'invalid', happen: saveAs(WHOLE.replaceAll('activeModels', 'models')) },
  'it does not parse': { reason: 'invalid', says: UNWRITTEN, happen: saveAs(WHOLE.replace('];', ']')) },
  'a name is not the name of a model': {
    reason: 'invalid',
    says: /nothing is removed$/,
    happen: saveAs(WHOLE.replace('ggml-small.en.bin', '../x')),
  },
  'the list is empty': {
    reason: 'empty-list',
    says: /3 files with 15\.0 kB would be removed; to remove them, use --allow-empty$/,
    happen: saveAs(registryText([])),
  },
};

for (const [what, { reason, says = /nothing is pruned/, happen }] of Object.entries(MISHAPS)) {
  test(`no model is removed when ${what}, and the next valid save counts`, async (t) => {
    const project = await watchProject(t);
    const { scratch, watching } = project;
    happen(project);
    const hold = await watching.next('hold');
    assert.equal(hold.reason, reason, hold.message);
    assert.match(hold.message, says);
    assert.deepEqual(scratch.modelNames(), ALL);

    rmSync(join(scratch.path, 'elsewhere'), { recursive: true, force: true });
    if (what.includes('folder replaces')) rmSync(scratch.registry, { recursive: true });
    scratch.write(scratch.registry, registryText([TINY, BASE]));
    assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  });
}

test('with --allow-empty an empty list removes everything, after it was confirmed', async (t) => {
  const { scratch, watching } = await watchProject(t, ['--allow-empty']);
  scratch.writeRegistry(registryText([]));
  assert.equal((await watching.next('prune')).removed.length, 3);
});

test('a registry that names another models directory pauses until the user confirms', async (t) => {
  const { scratch, env, watching: first } = await watchProject(t);
  await first.end('SIGINT');
  const inRegistry = (active: readonly string[], folder: string): string =>
    registryText(active, `\n  modelsDir = "${scratch.path}/${folder}";`);
  scratch.writeRegistry(inRegistry(ALL, 'models'));
  const watching = await Watching.start(t, scratch, { ...env, WHISPER_MODELS_PATH: '' });
  scratch.write(`other/${TINY}`, Buffer.alloc(4000));
  scratch.writeRegistry(inRegistry([SMALL], 'other'));
  assert.equal((await watching.next('hold')).reason, 'models-dir');
  assert.deepEqual([scratch.modelNames(), scratch.exists(`other/${TINY}`)], [ALL, true]);
  scratch.writeRegistry(inRegistry([TINY, BASE], 'models'));
  assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);
});

test('nothing is pruned while another registry with the same models cannot be read', async (t) => {
  const { scratch, watching, run } = await watchProject(t);
  const other = scratch.write('other/whisper-manager.nix', `{ activeModels = [ "${BASE}" ]; }\n`);
  await run(['prune', '--file', other]);
  writeFileSync(other, '{ activeModels = [');
  scratch.writeRegistry(registryText([TINY]));
  assert.equal((await watching.next('hold')).reason, 'root');
  assert.deepEqual(scratch.modelNames(), ALL);
  writeFileSync(other, `{ activeModels = [ "${BASE}" ]; }\n`);
  assert.deepEqual((await watching.next('prune')).removed, [{ name: SMALL, size: 6000 }]);
});

/** How something is begun that git does not end at once, and how it ends. */
const GIT_WORK: Readonly<Record<string, readonly [begin: string, end: string]>> = {
  'a merge': ['merge other', 'merge --continue'],
  'a rebase': ['rebase other', 'rebase --continue'],
  'a cherry-pick': ['cherry-pick other', 'cherry-pick --continue'],
  'a bisect': ['bisect start', 'bisect reset'],
};

for (const [what, [begin, end]] of Object.entries(GIT_WORK)) {
  for (const isWorktree of [false, true]) {
    test(`nothing is pruned during ${what}${isWorktree ? ' in a worktree' : ''}, only afterwards`, async (t) => {
      const base = await watchProject(t);
      const { scratch } = base;
      await base.watching.end('SIGINT');
      const home = isWorktree ? join(scratch.path, 'tree') : scratch.path;
      const git = (...args: readonly string[]): void => {
        try {
          execFileSync('git', ['-C', home, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { stdio: 'ignore' });
        } catch {
          // A conflict is what this is about.
        }
      };
      const commit = (active: readonly string[], word: string): void => {
        scratch.write(join(home, 'nix/whisper-manager.nix'), `${registryText(active)}# ${word}\n`);
        git('commit', '-qam', word);
      };
      execFileSync('git', ['init', '-q', '-b', 'main', scratch.path]);
      execFileSync('git', ['-C', scratch.path, 'add', 'nix']);
      execFileSync('git', ['-C', scratch.path, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'first']);
      if (isWorktree) {
        execFileSync('git', ['-C', scratch.path, 'worktree', 'add', '-q', home, '-b', 'work']);
        // It uses the same models, so what it lists is kept.
        scratch.writeRegistry(registryText([TINY]));
      }
      git('checkout', '-qb', 'other');
      commit([TINY, BASE], 'other');
      git('checkout', '-q', isWorktree ? 'work' : 'main');
      commit(ALL, 'ours');
      const watching = await base.watch(['--file', join(home, 'nix/whisper-manager.nix')]);
      git(...begin.split(' '));
      const from = watching.now;
      // The conflict is resolved, and the git operation continues.
      scratch.write(join(home, 'nix/whisper-manager.nix'), registryText([TINY]));
      const hold = await watching.next('hold', from, (event) => event.reason === 'git');
      assert.match(hold.message, new RegExp(`git is in the middle of ${what}`));
      assert.deepEqual(scratch.modelNames(), ALL);
      git('add', '-A', 'nix');
      git('-c', 'core.editor=true', ...end.split(' '));
      await watching.next('prune', from);
      assert.deepEqual(scratch.modelNames(), [TINY]);
    });
  }
}
