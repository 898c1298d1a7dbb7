import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsMounts } from '../support/needs.ts';
import { namesIn } from '../support/registry-text.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const LIST = `{\n  activeModels = [\n    "${TINY}"\n    # "${BASE}"\n  ];\n}\n`;
const PAGE = 4096;

/** A registry on a file system in memory that has no page left. */
function fullDisk(scratch: Scratch, text: string, prepare: (file: string) => void = () => {}): string {
  const disk = scratch.mountMemory('disk', '256k');
  const file = scratch.write('disk/nix/whisper-manager.nix', text);
  prepare(file);
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${join(disk, 'others')}`, `bs=${PAGE}`], { stdio: 'ignore' });
  } catch {
    // It ends when the disk is full.
  }
  return file;
}

for (const [what, prepare] of [
  ['', () => {}],
  [' that has two names', (file: string) => linkSync(file, `${file}.too`)],
] as const) {
  test(`remove and add work on a full disk, in a short registry${what}`, needsMounts(), async (t) => {
    const scratch = Scratch.create(t);
    const file = fullDisk(scratch, LIST, prepare);
    const left = readdirSync(join(file, '..'));
    for (const [args, names] of [
      [['remove', 'tiny.en'], []],
      [['add', 'base.en'], [BASE]],
      [
        ['add', 'tiny.en'],
        [TINY, BASE],
      ],
    ] as const) {
      const ran = await scratch.spawn([...args, '-f', file]);
      assert.equal(ran.code, 0, ran.stderr);
      assert.deepEqual(namesIn(readFileSync(file, 'utf8')), names);
    }
    assert.equal(readFileSync(file, 'utf8'), LIST.replace(`# "${BASE}"`, `"${BASE}"`));
    assert.deepEqual(readdirSync(join(file, '..')), left);
  });
}

for (const [what, text] of [
  ['the change crosses a page', LIST.replace('}\n', `}\n# ${'x'.repeat(PAGE)}\n`)],
  ['the text needs another page', LIST.replace('{\n', `# ${'x'.repeat(PAGE - LIST.length - 3)}\n{\n`)],
] as const) {
  test(`a registry on a full disk is not changed where ${what}`, needsMounts(), async (t) => {
    const scratch = Scratch.create(t);
    const file = fullDisk(scratch, text);
    const ran = await scratch.spawn(['remove', 'tiny.en', '--json', '-f', file]);
    assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [6, 'no-space'], ran.stdout + ran.stderr);
    assert.equal(readFileSync(file, 'utf8'), text);
    assert.deepEqual(readdirSync(join(file, '..')), ['whisper-manager.nix']);
  });
}

test('a lock file on a full disk is exit 6', needsMounts(), async (t) => {
  const scratch = Scratch.create(t);
  const file = fullDisk(scratch, LIST);
  const ran = await scratch.spawn(['lock', '--json', '-f', file]);
  assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [6, 'no-space'], ran.stdout + ran.stderr);
  assert.deepEqual(readdirSync(join(file, '..')), ['whisper-manager.nix']);
});
