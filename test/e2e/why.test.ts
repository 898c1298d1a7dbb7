import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { relative } from 'node:path';
import { test } from 'node:test';
import { readBlame } from '../../src/core/registry/blame.ts';
import { hubProject } from '../support/hub-project.ts';
import { withNix } from '../support/nix.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

test('why tells who keeps a model, the record of it, and what it costs', async (t) => {
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

test('why of a model that nobody lists, that is not here, and that is unknown', async (t) => {
  const { run, scratch, place } = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg'));
  const missing = await run(['why', 'base.en']);
  assert.match(missing.stdout, /^○ base\.en {2}5\.0 kB, not downloaded\n {2}kept by {3}nobody\n/);
  const own = await run(['why', 'own']);
  assert.match(own.stdout, /unmanaged: whisper prune leaves it alone[\s\S]*cannot be fetched again\n$/);
  const stdouts = await run(['why', 'nothing-like-it']);
  assert.equal(stdouts.code, 2);
  await place([BASE]);
  assert.match((await run(['list'])).stdout, /base\.en .*unverified, not listed/);
  assert.match((await run(['why', 'base.en'])).stdout, /nobody: whisper prune hashes it, and removes it if/);
  assert.equal((await run(['verify', 'base.en'])).code, 0);
  assert.match((await run(['list'])).stdout, /base\.en .*prune removes it: not listed/);
  const other = scratch.write('other.nix', `{ activeModels = [ "${BASE}" ]; }\n`);
  scratch.write('models/.whisper/roots/other.json', JSON.stringify({ file: other }));
  assert.match((await run(['list'])).stdout, /base\.en .*kept: another registry lists it/);
});

test('what git blame says is read, and what it does not say is nothing', () => {
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
