import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeNix, needsNix, withNix } from '../support/nix.ts';
import { BASE, listing, noteOf, sharedProject, SMALL, TINY, writeNote } from '../support/shared-project.ts';
import { jsonError } from './wanted-model.ts';

const DAY = 24 * 60 * 60 * 1000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY).toISOString();

test('prune keeps the models that a missing registry listed last, with one notice', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  rmSync(join(scratch.path, 'other'), { recursive: true });
  let waits = 0;
  const delay = async (): Promise<void> => void (waits += 1);
  const first = await run(['prune'], { delay });
  assert.deepEqual([first.code, waits], [0, 0]);
  const says = `${other} has been missing since ${daysAgo(0).slice(0, 10)}: the 1 model it last listed is kept until ${daysAgo(-14).slice(0, 10)}`;
  assert.ok(first.stderr.includes(says), first.stderr);
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  assert.deepEqual(noteOf(project)['active'], [BASE]);
  const since = String(noteOf(project)['missingSince']);
  assert.equal(new Date(since).toISOString(), since);
  assert.deepEqual(await run(['prune', '-q']), { code: 0, stdout: '', stderr: '' });
  assert.equal((await run(['sync'])).stderr, '');
  assert.equal((await run(['download', 'small.en'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  assert.equal(noteOf(project)['missingSince'], since, 'the time does not start again');

  scratch.write(other, listing(SMALL));
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [SMALL, TINY], 'it counts as it is now');
  assert.deepEqual(noteOf(project), { file: other, active: [SMALL] });
});

test('list, why and doctor name a missing registry and until when it counts', async (t) => {
  const project = await sharedProject(t);
  const { run, other } = project;
  rmSync(other);
  assert.ok((await run(['list'])).stderr.includes('for 14 days after the next prune'), 'no command has noted it yet');
  writeNote(project, { ...noteOf(project), missingSince: daysAgo(3) });
  const says = `${other} has been missing since ${daysAgo(3).slice(0, 10)}: the 1 model it last listed is kept until ${daysAgo(-11).slice(0, 10)}`;
  const listed = await run(['list', '-v']);
  assert.equal(listed.stderr.split(says).length, 2, listed.stderr);
  assert.ok(listed.stderr.includes(`whisper prune --forget-root ${other}`), listed.stderr);
  assert.match(listed.stdout, /base\.en .* kept by .*whisper-manager\.nix \(missing\)/m);
  const { checks } = JSON.parse((await run(['doctor', '--json'])).stdout);
  const roots = checks.find(({ name }: { name: string }) => name === 'roots');
  assert.equal(roots.status, 'warning');
  assert.ok(roots.message.includes(says), roots.message);
  assert.match((await run(['why', 'base.en'])).stdout, /kept by +other\/nix\/whisper-manager\.nix, missing$/m);
  const { keptBy } = JSON.parse((await run(['why', 'base.en', '--json'])).stdout);
  assert.deepEqual(keptBy, [{ registry: other, file: other, line: null, missing: true, blame: null }]);
});

test('a registry counts until it has been missing for 14 days', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other, note } = project;
  rmSync(other);
  writeNote(project, { ...noteOf(project), missingSince: daysAgo(13.9) });
  assert.equal((await run(['prune'])).stderr, '');
  assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  writeNote(project, { ...noteOf(project), missingSince: daysAgo(14.1) });
  const before = scratch.snapshot();
  assert.equal((await run(['prune', '-n', '--exit-code'])).code, 8);
  assert.deepEqual(scratch.snapshot(), before);
  const { code, stderr } = await run(['prune']);
  assert.equal(code, 0);
  assert.ok(stderr.includes(`${other} has been missing for 14 days: its list is now ignored`), stderr);
  assert.deepEqual(scratch.modelNames(), [TINY]);
  assert.equal(scratch.exists(note), false);
});

for (const damaged of ['soon', daysAgo(-400), 5]) {
  test(`a time of ${typeof damaged === 'string' && damaged.length > 10 ? 'the future' : String(damaged)} starts again`, async (t) => {
    const project = await sharedProject(t);
    const { scratch, run, other } = project;
    rmSync(other);
    writeNote(project, { ...noteOf(project), missingSince: damaged });
    assert.equal((await run(['prune'])).code, 0);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
    const since = Date.parse(String(noteOf(project)['missingSince']));
    assert.ok(since <= Date.now() && since > Date.now() - DAY);
  });
}

for (const command of [['prune'], ['sync'], ['download', 'small.en']]) {
  test(`${command.join(' ')} is refused while a registry is missing that an earlier version noted without its list`, async (t) => {
    const project = await sharedProject(t);
    const { scratch, run, other } = project;
    rmSync(other);
    writeNote(project, { file: other });
    const before = scratch.snapshot();
    assert.equal((await run([...command, '-n'])).code, 3);
    const listed = await run(['list']);
    assert.deepEqual([listed.code, listed.stdout.includes('reclaimable')], [0, true]);
    assert.ok(listed.stderr.includes('--forget-root'), listed.stderr);
    assert.equal((await run(['doctor'])).code, 3);
    assert.deepEqual(scratch.snapshot(), before);
    const refused = await run([...command, '--json']);
    assert.deepEqual([refused.code, jsonError(refused)['code']], [3, 'root-unreadable']);
    assert.match(String(jsonError(refused)['hint']), /whisper prune --forget-root \S+whisper-manager\.nix\b/);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
    writeNote(project, { file: other, missingSince: daysAgo(13) });
    assert.equal((await run(command)).code, 3);
    writeNote(project, { file: other, missingSince: daysAgo(15) });
    assert.equal((await run(command)).code, 0);
    assert.ok(!scratch.modelNames().includes(BASE));
  });
}

test('a refused prune starts the 14 days, and a damaged list counts as unknown', async (t) => {
  const project = await sharedProject(t);
  const { run, other } = project;
  rmSync(other);
  for (const active of [undefined, 'ggml-base.en.bin', [5], {}]) {
    writeNote(project, { file: other, active });
    assert.equal((await run(['prune'])).code, 3);
    assert.ok(Date.parse(String(noteOf(project)['missingSince'])) > Date.now() - DAY);
  }
});

test('any prune adds the list to a note of an earlier version', async (t) => {
  const project = await sharedProject(t);
  writeNote(project, { file: project.other });
  assert.equal((await project.run(['prune', '-q'])).code, 0);
  assert.deepEqual(noteOf(project), { file: project.other, active: [BASE] });
});

test('a model that was downloaded after the last prune counts too', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  assert.equal((await run(['download', 'small.en', '-f', other])).code, 0);
  rmSync(other);
  assert.equal((await run(['prune'])).code, 0);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
});

test('a flake reference is missing with its folder', async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  const root = { file: other, attr: '.#lib.activeModels', cwd: join(scratch.path, 'flake') };
  scratch.write('models/.whisper/roots/flake.json', JSON.stringify({ ...root, active: [SMALL] }));
  scratch.writeModel(SMALL, project.models[SMALL]?.content ?? Buffer.alloc(0));
  const { code, stderr } = await run(['prune']);
  assert.equal(code, 0, stderr);
  assert.ok(
    stderr.includes(
      `${other} (.#lib.activeModels) has been missing since ${daysAgo(0).slice(0, 10)}: the 1 model it last listed is kept`,
    ),
    stderr,
  );
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
});

test('a registry that comes back during a prune keeps the models that it lists', needsNix, async (t) => {
  const project = await sharedProject(t);
  const { scratch, run, other } = project;
  scratch.writeModel(SMALL, project.models[SMALL]?.content ?? Buffer.alloc(0));
  rmSync(other);
  // Read before the other registry is: its note comes first.
  writeNote(project, { file: other, active: [BASE] });
  const computed = scratch.write('computed.nix', `{ activeModels = map (x: x) [ "${TINY}" ]; }\n`);
  scratch.write('models/.whisper/roots/zz.json', JSON.stringify({ file: computed, active: [TINY] }));
  const late = scratch.write('late.nix', listing(BASE, SMALL));
  const env = fakeNix(scratch, `cp -n '${late}' '${other}'\nPATH='${withNix().PATH}'\nexec nix-instantiate "$@"`);
  const { code, stderr } = await run(['prune'], { env });
  assert.equal(code, 0, stderr);
  assert.ok(scratch.exists(other));
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
});
