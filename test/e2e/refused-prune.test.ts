import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

async function project(t: TestContext): Promise<HubProject> {
  const it = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  await it.place([TINY, BASE], true);
  return it;
}

const spaced = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** What a registry says, and why nothing is removed then. */
const ROWS: readonly [name: string, content: readonly string[], reason: RegExp, said: RegExp][] = [
  [
    'a likely typo',
    [TINY, 'ggml-bse.en.bin'],
    /ggml-bse\.en\.bin is neither in the catalogue nor on disk/,
    /error: ggml-bse\.en\.bin is not in the catalogue/,
  ],
  [
    'an empty list',
    [],
    /The list in \S+ is empty: 2 files with 9\.0 kB would be removed/,
    /Nothing is removed: The list in \S+ is empty/,
  ],
  [
    'a misspelt short name',
    [TINY, 'bsae.en'],
    /"bsae\.en" is not a model file name or the short name of a known model/,
    /error: "bsae\.en" is not a model file name or the short name of a known model; did you mean "ggml-base\.en\.bin"\?/,
  ],
  [
    'a list of other words',
    ['git', 'curl'],
    /"git" is not a model file name or the short name of a known model/,
    /error: "curl" is not a model file name or the short name of a known model/,
  ],
];

for (const [name, content, reason, said] of ROWS) {
  test(`${name} stops prune, and list, check and dry runs announce that`, async (t) => {
    const { run, scratch } = await project(t);
    scratch.writeRegistry(content);
    for (const args of [['prune'], ['prune', '-n'], ['sync', '-n']]) {
      const ran = await run(args);
      assert.equal(ran.code, 3, args.join(' '));
      assert.match(spaced(ran.stderr), reason, args.join(' '));
    }
    const listed = await run(['list']);
    assert.match(spaced(listed.stdout), new RegExp(`Nothing is removed: ${reason.source}`));
    assert.match(listed.stdout, /base\.en .*not listed; prune refused/);
    assert.doesNotMatch(listed.stdout, /prune removes|whisper prune to free|remove \d/);
    assert.equal(JSON.parse((await run(['list', '--json'])).stdout).disk.reclaimable, 0);
    const why = await run(['why', 'base.en']);
    assert.match(spaced(why.stdout), /no readable registry, but prune is refused/);
    assert.equal(JSON.parse((await run(['why', 'base.en', '--json'])).stdout).refused, true);
    const checked = await run(['check']);
    assert.equal(checked.code, 8);
    assert.match(spaced(checked.stdout), said);
    assert.match(checked.stdout, /extra: .*base\.en.* \(whisper prune is refused\)/);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  });
}

test('doctor reports that an empty list is refused', async (t) => {
  const { run, scratch } = await project(t);
  scratch.writeRegistry([]);
  const { stdout } = await run(['doctor']);
  assert.match(spaced(stdout), /Nothing is removed: The list in \S+ is empty/);
  assert.doesNotMatch(stdout, /remove \d/);
});

test('list and check name another registry that cannot be read, as prune does', async (t) => {
  const { run, scratch } = await project(t);
  const other = scratch.write('other.nix', `{ activeModels = [ "${BASE}" ]; }`);
  assert.equal((await run(['prune', '-f', other, '--models-dir', scratch.models])).code, 0);
  scratch.write(other, '{ activeModels = [');
  const reason = /Nothing is removed: Cannot read another registry that uses these models: \S+other\.nix/;
  assert.equal((await run(['prune'])).code, 3);
  for (const command of ['list', 'check']) assert.match(spaced((await run([command])).stdout), reason, command);
});
