import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseCompletion } from '../../src/cli/completion/choice.ts';
import { optionHelp } from '../../src/cli/args/help.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { GLOBAL_OPTIONS, OPTIONS, type OptionName } from '../../src/commands/options.ts';
import { SCRIPTS } from '../../src/core/completion/scripts.ts';
import { SNIPPETS } from '../../src/core/hooks/snippets.ts';
import { RUNS } from '../support/runs.ts';
import type { RunOptions } from '../support/run-options.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const SMALL = 'ggml-small.en.bin';
const OWN = 'ggml-my-tune.bin';
const ODD = 'odd $(touch x)';

/** TINY is active and there, BASE active, SMALL there; so is OWN, which no catalogue has. */
function project(t: Parameters<typeof Scratch.create>[0]): Scratch {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY, BASE, ODD, 'two\\nlines', '-dash']);
  for (const name of [TINY, SMALL, OWN]) scratch.writeModel(name, Buffer.from('lmgg'));
  return scratch;
}

async function ask(scratch: Scratch, words: readonly string[], options?: RunOptions): Promise<readonly string[]> {
  const { code, stdout, stderr } = await scratch.run(['complete', '--', ...words], options);
  assert.deepEqual([code, stderr], [0, '']);
  return stdout.split('\n').slice(0, -1);
}

async function namesFor(scratch: Scratch, words: readonly string[], options?: RunOptions): Promise<readonly string[]> {
  return (await ask(scratch, words, options)).map((line) => line.split('\t')[0] ?? '');
}

test('every command and option is offered with its description, without reading the list', async (t) => {
  const scratch = project(t);
  for (const definition of COMMANDS) {
    const { name: command, options, summary } = definition;
    assert.ok((await ask(scratch, [''])).includes(`${command}\t${summary}`));
    assert.ok((await namesFor(scratch, [command.slice(0, 2)])).includes(command));
    const all: readonly OptionName[] = [...options, ...GLOBAL_OPTIONS];
    const expected = all.map((name) => `--${name}\t${optionHelp(name, definition)}`);
    assert.deepEqual(await ask(scratch, [command, '--']), expected, command);
    assert.deepEqual(await ask(scratch, ['--'], { program: `whisper-${command}` }), expected, command);
    for (const name of all) assert.equal((await namesFor(scratch, [command, `--${name}`]))[0], `--${name}`);
    const line = { words: [command], current: '-', cut: 0, isRedirection: false };
    assert.equal(chooseCompletion(line, undefined).kind, 'words');
  }
  assert.equal(chooseCompletion({ words: [], current: '', cut: 0, isRedirection: false }, undefined).kind, 'words');
  assert.deepEqual(
    await namesFor(scratch, ['--']),
    GLOBAL_OPTIONS.map((name) => `--${name}`),
  );
});

const FOLDERS = ['\tfolders'];
const FILES = ['\tfiles'];
const answers: readonly [readonly string[], readonly string[]][] = [
  [['rem'], ['remove']],
  [['help', 'rem'], ['remove']],
  [
    ['remove', ''],
    ['tiny.en', 'base.en', ODD],
  ],
  [
    ['remove', 'ggml-'],
    [TINY, BASE],
  ],
  [
    ['remove', 'gg'],
    [TINY, BASE],
  ],
  [
    ['remove', 'tiny.en', ''],
    ['base.en', ODD],
  ],
  [
    ['remove', TINY, '--delete', ''],
    ['base.en', ODD],
  ],
  [['--', 'remove', 'b'], ['base.en']],
  [
    ['verify', ''],
    ['tiny.en', 'my-tune', 'small.en'],
  ],
  [
    ['why', ''],
    ['tiny.en', 'base.en', 'my-tune', 'small.en'],
  ],
  [
    ['path', ''],
    ['tiny.en', 'base.en', 'my-tune', 'small.en'],
  ],
  [['env', 's'], ['small.en']],
  [
    ['add', 'large-v3-turbo-'],
    ['large-v3-turbo-q5_0', 'large-v3-turbo-q8_0'],
  ],
  [['hook', ''], Object.keys(SNIPPETS)],
  [['completions', ''], Object.keys(SCRIPTS)],
  [['identify', ''], FILES],
  [['push', ''], FOLDERS],
  [['list', '--file', ''], FILES],
  [['list', '-qf', 'x'], FILES],
  [['list', '--file=x'], FILES],
  [['--models-dir', ''], FOLDERS],
  [['list', '--models-dir=/'], FOLDERS],
  [['list', '--attr', ''], []],
  [['prune', '--wait', ''], []],
  [['list', '--json', '--al'], ['--all']],
  [['no-such', ''], []],
];
for (const [words, expected] of answers) {
  test(`whisper ${JSON.stringify(words)} is completed`, async (t) => {
    const found = await ask(project(t), words);
    const isShell = expected === FILES || expected === FOLDERS;
    assert.deepEqual(isShell ? found : found.map((line) => line.split('\t')[0]), expected);
  });
}

test('download is offered the whole catalogue with size and state, unlisted models first', async (t) => {
  const scratch = project(t);
  for (const words of [
    ['download', ''],
    ['add', ''],
  ]) {
    const lines = await ask(scratch, words);
    assert.ok(lines.length > 30);
    assert.deepEqual(lines.slice(-2), ['tiny.en\t4 B, active, downloaded', 'base.en\t148 MB, active']);
    assert.ok(lines.includes('small.en\t4 B, downloaded'));
    assert.equal(
      lines.some((line) => line.startsWith('my-tune')),
      false,
    );
  }
  assert.deepEqual(await namesFor(scratch, ['base.en'], { program: 'whisper-download' }), [
    'base.en-q5_1',
    'base.en-q8_0',
    'base.en',
  ]);
});

test('completion uses the list and the folder that the line names', async (t) => {
  const scratch = project(t);
  scratch.write('my dir/list.nix', `{ pkgs }: { activeModels = [ "${SMALL}" ]; }`);
  scratch.write('other/ggml-large-v1.bin', 'lmgg');
  assert.deepEqual(await namesFor(scratch, ['-f', 'my dir/list.nix', 'remove', '']), ['small.en']);
  assert.deepEqual(await namesFor(scratch, ['remove', '--file=~/my dir/list.nix', '']), ['small.en']);
  assert.deepEqual(await namesFor(scratch, ['--models-dir', 'other', 'verify', '']), ['large-v1']);
  const line = 'whisper -f my\\ dir/list.nix --models-dir "~/other" remove ';
  assert.equal((await scratch.run(['complete', '--line', '--', line])).stdout, 'small.en\t488 MB, active\n');
});

test('bash is given what it takes for the word that is being typed', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['own:one', 'own:two', 'other']);
  const answer = async (line: string): Promise<string> =>
    (await scratch.run(['complete', '--line', '--', line])).stdout;
  assert.equal(await answer('whisper remove own:t'), 'two\tactive\n');
  assert.equal(await answer('whisper remove "own:t'), 'own:two\tactive\n');
  assert.equal(await answer('whisper remove nothing'), '');
  assert.equal(await answer('whisper env > '), '\tfiles\n');
});

test('where the list cannot be read, completion offers the catalogue', async (t) => {
  const scratch = project(t);
  for (const text of ['{ pkgs }: { activeModels = [ "ggml-', '{ activeModels = map (x: x) [ ]; }', undefined]) {
    const env = { WHISPER_NIX_FILE: text === undefined ? 'gone.nix' : scratch.write('list.nix', text) };
    assert.deepEqual(await namesFor(scratch, ['remove', ''], { env }), []);
    assert.deepEqual(await namesFor(scratch, ['verify', 's'], { env }), ['small.en']);
    assert.ok((await namesFor(scratch, ['download', 'large'], { env })).includes('large-v3'));
  }
  assert.deepEqual(await namesFor(scratch, ['download', ''], { env: { WHISPER_CATALOG: 'gone.json' } }), []);
});

test('completion prints only candidates and changes nothing, whatever the line is', async (t) => {
  const scratch = project(t);
  const before = scratch.snapshot();
  const names = [
    ...COMMANDS.map(({ name }) => name),
    ...Object.keys(OPTIONS).map((name) => `--${name}`),
    '-f',
    '--',
    'help',
    '=x',
  ];
  const word = fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 6 }));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 5 }), fc.boolean(), async (words, asLine) => {
      const args = asLine ? ['--line', '--', ['whisper', ...words].join(' ')] : ['--', ...words];
      const { code, stdout, stderr } = await scratch.run(['complete', ...args]);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^([^\t\n]*\t[^\t\n]*\n)*$/);
    }),
    { ...RUNS, numRuns: Math.min(RUNS.numRuns, 300) },
  );
  assert.deepEqual(scratch.snapshot(), before);
});
