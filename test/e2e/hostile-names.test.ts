import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { jsonText } from '../../src/core/json.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

const NAMES = [
  '',
  '..',
  '../x',
  'a/b',
  '/etc/hostname',
  '~',
  '-x',
  'ggml-..bin',
  'ggml-.bin',
  'ggml-a.bin/',
  'ggml-a\n.bin',
  'ggml-\u001B[31m.bin',
  'ggml-\u009B31m.bin',
  'ggml-\u202Enib.bin',
  'ggml-\u{E0041}.bin',
  `ggml-${'x'.repeat(300)}.bin`,
];

/** Characters that a terminal acts on, or that are invisible; each line ends with one. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A project with one model here, and another that is not listed. */
async function project(t: TestContext): Promise<HubProject> {
  const made = await hubProject(t, { [TINY]: 4000, [BASE]: 5000 }, [TINY]);
  assert.equal((await made.run(['sync'])).code, 0);
  made.hub.requests.length = 0;
  return made;
}

/** What is there but for the program's own notes, which know when they were written. */
function everything({ scratch }: HubProject): readonly (readonly [string, string])[] {
  return Object.entries(scratch.snapshot()).filter(([path]) => !path.includes('/.whisper/'));
}

/** Runs it for people, and then for programs. */
async function assertSeen({ run }: HubProject, args: readonly string[], codes: readonly number[]): Promise<void> {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  for (const each of [args, args.toSpliced(end, 0, '--json')]) {
    const { code, stdout, stderr } = await run(each);
    const about = JSON.stringify([each, code, stdout, stderr]);
    assert.ok(codes.includes(code ?? 1), about);
    assert.doesNotMatch(stdout, UNSEEN, about);
    assert.doesNotMatch(stderr, UNSEEN, about);
    if (each !== args) JSON.parse(stdout);
  }
}

test('no operand can name anything but a model', async (t) => {
  const made = await project(t);
  const before = everything(made);
  for (const name of [...NAMES, 'ggml-a\0b.bin']) {
    for (const command of ['download', 'add', 'remove', 'path', 'verify', 'why'])
      await assertSeen(made, [command, '--', name], [2]);
    await assertSeen(made, ['download', '--force', '--', name], [2]);
    await assertSeen(made, ['verify', '--repair', '--', name], [2]);
  }
  assert.deepEqual(everything(made), before);
  assert.deepEqual(made.hub.requests, []);
});

test('no name in the list can name anything but a model', async (t) => {
  const made = await project(t);
  for (const name of NAMES) {
    const literal = JSON.stringify(name).replaceAll(/\\u(....)/g, (_, hex: string) =>
      String.fromCharCode(Number(`0x${hex}`)),
    );
    made.scratch.writeRegistry(`{ activeModels = [ "${TINY}" ${literal} ]; }\n`);
    const before = everything(made);
    for (const [args, codes] of [
      [['list', '--all'], [0]],
      [['check'], [8]],
      [['prune'], [0, 3]],
      [
        ['prune', '--unmanaged', '--allow-empty'],
        [0, 3],
      ],
      [['sync'], [3]],
      [
        ['download', 'base.en', '--dry-run'],
        [0, 3],
      ],
      [['verify'], [0, 5]],
      [['path', 'tiny.en'], [0]],
    ] as const)
      await assertSeen(made, args, codes);
    assert.deepEqual(everything(made), before, JSON.stringify(name));
  }
  assert.deepEqual(made.hub.requests, []);
});

test('a hostile name can be added to the list and removed again', async (t) => {
  const made = await project(t);
  const before = made.scratch.read(made.scratch.registry);
  for (const name of NAMES) {
    await assertSeen(made, ['add', '--any-string', '--', name], [0]);
    await assertSeen(made, ['remove', '--delete', '--', name], [0, 2]);
  }
  assert.equal(made.scratch.read(made.scratch.registry), before);
  assert.deepEqual(made.scratch.modelNames(), [TINY]);
});

test('escaped names in JSON are read back unchanged', () => {
  for (const name of NAMES) {
    const text = jsonText({ [name]: [name, 5, null] });
    assert.doesNotMatch(text, UNSEEN);
    assert.deepEqual(JSON.parse(text), { [name]: [name, 5, null] });
  }
});
