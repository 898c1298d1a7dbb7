import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import { test } from 'node:test';
import { readBlame } from '../../src/adapters/git/blame.ts';
import { hubProject } from '../support/hub-project.ts';
import { withNix } from '../support/nix.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

test('why shows what keeps a model, its record and its size', async (t) => {
  const { run, scratch, models } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  const other = scratch.write('other.nix', `{\n  activeModels = [\n    "${TINY}"\n  ];\n}\n`);
  await run(['sync', '-f', other]);
  await run(['sync']);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada\u001B', '-c', 'user.email=a@example.org', ...args], {
      cwd: scratch.path,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('add', 'nix');
  git('commit', '--quiet', '--message', 'Use the small one');
  const env = withNix();
  const told = JSON.parse((await run(['why', 'tiny.en', '--json'], { env })).stdout);
  const [own, theirs] = told.keptBy;
  assert.deepEqual([own.file, own.line, own.blame.summary], [scratch.registry, 4, 'Use the small one']);
  assert.equal(own.blame.commit, git('rev-parse', 'HEAD').trim());
  assert.deepEqual([theirs.file, theirs.line, theirs.blame], [other, 3, null]);
  assert.equal(told.record.sha256, models[TINY]?.entry.sha256);
  assert.equal(told.verifiedAt, told.record.verifiedAt);
  assert.deepEqual(told.refetch, {
    bytes: 4000,
    repo: models[TINY]?.entry.repo,
    revision: models[TINY]?.entry.revision,
    sha256: models[TINY]?.entry.sha256,
  });
  scratch.write(scratch.registry, scratch.read(scratch.registry).replace('",', '"').replace('  ];', '  # more\n  ];'));
  const { stdout, code } = await run(['why', TINY], { env });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /kept by {3}nix\/whisper-manager\.nix:4\n.*Ada.*: Use the small one\n {2}kept by {3}.*other\.nix:3\n/,
  );
  assert.doesNotMatch(stdout, /\u001B/);
  const verbose = (await run(['list', '-v'])).stdout;
  assert.ok(verbose.includes(`kept by ${relative(scratch.path, other)}:3`), verbose);
});

const repositories: readonly [name: string, from: (git: (...args: readonly string[]) => string) => string][] = [
  ['an ordinary repository', () => 'own'],
  ['a linked worktree', (git) => (git('worktree', 'add', '--quiet', '../linked'), 'linked')],
  [
    'a shallow clone',
    (git) => (
      git('clone', '--quiet', '--depth', '1', `file://${git('rev-parse', '--show-toplevel').trim()}`, '../shallow'),
      'shallow'
    ),
  ],
  ['a repository of SHA-256', () => 'sha256'],
];
for (const [name, from] of repositories) {
  test(`why finds the commit of a line that moved since, in ${name}`, async (t) => {
    const { run, scratch } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 });
    const init = name.includes('SHA-256') ? ['init', '--quiet', '--object-format=sha256'] : ['init', '--quiet'];
    const folder = name.includes('SHA-256') ? 'sha256' : 'own';
    const list = (names: readonly string[]): string => `{\n  activeModels = [\n${names.join('\n')}\n  ];\n}\n`;
    const file = 'a folder/list.nix';
    scratch.write(`${folder}/${file}`, list([`"${TINY}"`]));
    scratch.write(`${folder}/.mailmap`, 'Ada Lovelace <a@example.org>\n');
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
        cwd: `${scratch.path}/${folder}`,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    git(...init);
    git('add', '.');
    git('commit', '--quiet', '--message', 'Use the small one');
    const registry = `${scratch.path}/${from(git)}/${file}`;
    scratch.write(registry, list(['# the small one', `"${TINY}"`, `"${BASE}"`]));
    // A hook of git has these variables, of the repository that it runs in.
    const env = {
      ...withNix(),
      GIT_DIR: '/nonexistent',
      GIT_INDEX_FILE: '/nonexistent',
      GIT_EXTERNAL_DIFF: '/nonexistent',
    };
    const why = async (model: string): Promise<{ line: number; blame: Record<string, unknown> | null }> =>
      JSON.parse((await run(['why', model, '--json', '-f', registry], { env })).stdout).keptBy[0];
    const moved = await why('tiny.en');
    assert.deepEqual(
      [moved.line, moved.blame?.['author'], moved.blame?.['summary']],
      [4, 'Ada Lovelace', 'Use the small one'],
    );
    assert.equal(moved.blame?.['commit'], git('rev-parse', 'HEAD').trim());
    const added = await why('base.en');
    assert.deepEqual([added.line, added.blame?.['commit']], [5, null]);
  });
}

test('why explains unlisted, missing and unknown models', async (t) => {
  const { run, scratch, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg'));
  const missing = await run(['why', 'base.en']);
  assert.match(missing.stdout, /^○ base\.en {2}5\.0 kB, not downloaded\n {2}kept by {3}no registry\n/);
  const own = await run(['why', 'own']);
  assert.match(own.stdout, /unmanaged: whisper prune keeps it[\s\S]*cannot be downloaded again\n$/);
  const stdouts = await run(['why', 'nothing-like-it']);
  assert.equal(stdouts.code, 2);
  await place([BASE]);
  assert.match((await run(['list'])).stdout, /base\.en .*not listed; unverified/);
  assert.match((await run(['why', 'base.en'])).stdout, /no registry: whisper prune hashes it and removes it if/);
  assert.equal((await run(['verify', 'base.en'])).code, 0);
  assert.match((await run(['list'])).stdout, /base\.en .*not listed: prune removes it/);
  const other = scratch.write('other.nix', `{ activeModels = [ "${BASE}" ]; }\n`);
  scratch.write('models/.whisper/roots/other.json', JSON.stringify({ file: other }));
  assert.match((await run(['list'])).stdout, /base\.en .*kept: listed in another registry/);
});

test('the output of git blame is read, and missing fields are left out', () => {
  const text = `${'a'.repeat(40)} 3 4 1\nauthor Ada Lovelace\nauthor-mail <a@b>\nauthor-time 1700000000\nsummary Use it\n\t  line\n`;
  assert.deepEqual(readBlame(text), {
    commit: 'a'.repeat(40),
    author: 'Ada Lovelace',
    time: '2023-11-14T22:13:20.000Z',
    summary: 'Use it',
  });
  assert.equal(readBlame(text.replace('a'.repeat(40), '0'.repeat(40)))?.commit, null);
  for (const damaged of ['', 'fatal: no such path', text.replace('1700000000', 'x'), text.replace('author Ada', 'x')])
    assert.equal(readBlame(damaged), undefined, damaged);
});
