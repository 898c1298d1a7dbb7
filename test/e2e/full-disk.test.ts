import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { inMountNamespace } from '../support/mount-namespace.ts';
import { skip } from '../support/needs.ts';
import type { Ran } from '../support/scratch.ts';

const KIB = 1024;
const KEPT = 'ggml-tiny.en.bin';
const WANTED = 'ggml-tiny.bin';
const OLD = ['base', 'base.en', 'medium', 'medium.en', 'small', 'small.en'].map((name) => `ggml-${name}.bin`);
const SIZES = {
  [KEPT]: 4 * KIB,
  [WANTED]: 200 * KIB,
  ...Object.fromEntries(OLD.map((name) => [name, 100 * KIB])),
};

/** What a file system runs out of, and how to use up the rest of it. */
const FULL = {
  blocks: {
    options: 'size=1m',
    fill: 'dd if=/dev/zero of=models/filler bs=4k 2>/dev/null',
  },
  inodes: {
    options: 'size=8m,nr_inodes=60',
    fill: 'i=0; while touch models/filler-$i 2>/dev/null; do i=$((i+1)); done',
  },
} as const;
type Full = keyof typeof FULL;

/** What was done in the folder before the disk ran full. */
const BEFORE = {
  'that whisper has not used before': '',
  'that whisper has used before': 'whisper verify >/dev/null',
  'that an earlier version has used before': 'whisper verify >/dev/null; rm -f models/.whisper/lock',
} as const;

const NO_MOUNT = 'no small disk can be mounted here';

/** Runs a script on a small disk without space, with seven models of which one is listed. What it lists last is `left`. */
async function onFullDisk(t: TestContext, what: Full, before: string, script: string): Promise<FullDisk | undefined> {
  const { scratch, env, models } = await hubProject(t, SIZES, [KEPT]);
  for (const name of [KEPT, ...OLD]) scratch.write(`new/${name}`, models[name]?.content ?? '');
  scratch.write('all.nix', listing([KEPT, ...OLD]));
  scratch.write('wanted.nix', listing([KEPT, WANTED]));
  const { options, fill } = FULL[what];
  const needs = `mkdir models\nmount -t tmpfs -o ${options} models models`;
  const text = `cp new/* models\n${before}\n${fill}\n${script}\ncode=$?\nls models > left\nexit $code`;
  const ran = await inMountNamespace(scratch, env, needs, text);
  if (!ran) return undefined;
  const left = scratch.read('left').split('\n');
  return { ...ran, left: left.filter((name) => name.startsWith('ggml-')) };
}

interface FullDisk extends Ran {
  readonly left: readonly string[];
}

function listing(names: readonly string[]): string {
  return `{ activeModels = [ ${names.map((name) => JSON.stringify(name)).join(' ')} ]; }\n`;
}

function assertPruned({ code, stdout, stderr, left }: FullDisk): void {
  assert.equal(code, 0, stdout + stderr);
  const { removed, freed } = JSON.parse(stdout) as { removed: readonly { readonly name: string }[]; freed: number };
  assert.deepEqual(removed.map(({ name }) => name).toSorted(), OLD);
  assert.equal(freed, 600 * KIB);
  assert.deepEqual(left, [KEPT]);
}

for (const what of ['blocks', 'inodes'] as const) {
  for (const [which, before] of Object.entries(BEFORE)) {
    test(`prune frees a folder ${which} on a disk without ${what} left`, async (t) => {
      const ran = await onFullDisk(t, what, before, 'whisper prune --json');
      if (!ran) return skip(t, NO_MOUNT);
      assertPruned(ran);
    });
  }

  test(`prune --forget-root frees a disk without ${what} left`, async (t) => {
    const before = 'whisper sync -f all.nix >/dev/null; rm all.nix';
    const ran = await onFullDisk(t, what, before, 'whisper prune --json --forget-root all.nix');
    if (!ran) return skip(t, NO_MOUNT);
    assertPruned(ran);
  });

  test(`two concurrent prunes free a disk without ${what} left`, async (t) => {
    const both = 'whisper prune --json > first & whisper prune --json > second; code=$?; wait $! && (exit $code)';
    const ran = await onFullDisk(t, what, '', both);
    if (!ran) return skip(t, NO_MOUNT);
    assert.equal(ran.code, 0, ran.stderr);
    assert.deepEqual(ran.left, [KEPT]);
  });

  for (const command of ['sync -f wanted.nix', 'download tiny']) {
    test(`${command} downloads into the space that it prunes on a disk without ${what} left`, async (t) => {
      const ran = await onFullDisk(t, what, 'whisper verify >/dev/null', `whisper ${command} --json`);
      if (!ran) return skip(t, NO_MOUNT);
      assert.equal(ran.code, 0, ran.stdout + ran.stderr);
      assert.deepEqual(ran.left, [WANTED, KEPT]);
    });
  }

  test(`prune with nothing to remove succeeds on a disk without ${what} left`, async (t) => {
    const ran = await onFullDisk(t, what, '', 'whisper prune --json -f all.nix');
    if (!ran) return skip(t, NO_MOUNT);
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stderr, /No space left to record that \S+all\.nix uses these models/);
    assert.deepEqual(ran.left, [...OLD, KEPT]);
  });

  test(`an unfinished download is pruned on a disk without ${what} left`, async (t) => {
    const part = 'models/.whisper/partial/ggml-large-v1.bin.part';
    const before = `whisper sync -f all.nix >/dev/null; mkdir -p models/.whisper/partial; cp new/${KEPT} ${part}`;
    const ran = await onFullDisk(t, what, before, `whisper prune --json -f all.nix; test ! -e ${part}`);
    if (!ran) return skip(t, NO_MOUNT);
    assert.deepEqual([ran.code, JSON.parse(ran.stdout).freed], [0, 4 * KIB], ran.stderr);
    assert.deepEqual(ran.left, [...OLD, KEPT]);
  });

  for (const undo of [0, 30]) {
    test(`watch --undo ${undo} prunes on a disk without ${what} left`, async (t) => {
      // Ends at the first prune, or at an error.
      const script = `whisper watch --undo ${undo} --json > events & pid=$!
        until grep -q '"ready"' events; do kill -0 $pid || exit 1; sleep 0.02; done
        echo '{ activeModels = [ "${KEPT}" ]; }' > new.nix; mv new.nix nix/whisper-manager.nix
        until grep -qE '"(prune|error)"' events; do kill -0 $pid || exit 1; sleep 0.02; done
        kill -INT $pid; wait $pid; cat events; true`;
      const before = 'cp all.nix nix/whisper-manager.nix';
      const ran = await onFullDisk(t, what, before, script);
      if (!ran) return skip(t, NO_MOUNT);
      assert.equal(ran.code, 0, ran.stderr);
      const events = ran.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.ok(
        events.every(({ event }) => event !== 'error'),
        ran.stdout,
      );
      const pruned = events.find(({ event }) => event === 'prune');
      assert.equal(pruned?.['freed'], 600 * KIB, ran.stdout);
      assert.deepEqual(ran.left, [KEPT]);
    });
  }
}
