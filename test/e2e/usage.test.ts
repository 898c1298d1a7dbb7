import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../../src/commands/index.ts';
import { hubProject } from '../support/hub-project.ts';
import { PACKAGE } from '../support/released.ts';
import { Scratch } from '../support/scratch.ts';
import { WRONG_ATTRS } from '../support/wrong-attrs.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en-q5_1.bin';
const commands = COMMANDS.map(({ name }) => name);

for (const command of [...commands, undefined]) {
  const args = command === undefined ? [] : [command];
  test(`whisper ${args.join(' ')} --help`, async (t) => {
    const scratch = Scratch.create(t);
    for (const line of [
      [...args, '--help'],
      [...args, '-h'],
      ['--help', ...args],
      ['help', ...args],
    ]) {
      const { code, stdout, stderr } = await scratch.run(line);
      assert.deepEqual([code, stderr], [0, ''], line.join(' '));
      assert.match(stdout, new RegExp(`Usage: whisper ${command ?? 'COMMAND'}\\b`));
      assert.match(stdout, /--models-dir DIR/);
    }
  });
}

const wrong: readonly [readonly string[], RegExp, RegExp][] = [
  [[], /^No command given$/, /--help/],
  [['dowload'], /^Unknown command dowload$/, /Did you mean whisper download\?/],
  [['zzzzzzzz'], /^Unknown command zzzzzzzz$/, /--help to list/],
  [['pru\x1bne'], /^Unknown command pru\\x1bne$/, /./],
  [['help', 'lst'], /^Unknown command lst$/, /^Did you mean whisper help list\?$/],
  [['help', 'rm'], /^Unknown command rm$/, /^Did you mean whisper help remove\?$/],
  [['rm', 'tiny.en'], /^Unknown command rm$/, /^Did you mean whisper remove tiny\.en\?$/],
  [['-f', 'rm', 'rm', 'rm'], /^Unknown command rm$/, /^Did you mean whisper remove -f rm rm\?$/],
  [['rm', "it's $x"], /^Unknown command rm$/, /^Did you mean whisper remove 'it'\\''s \$x'\?$/],
  [['pull', 'base'], /^Unknown command pull$/, /^Did you mean whisper download base\?$/],
  [['search'], /^Unknown command search$/, /^Did you mean whisper list --all\?$/],
  [['constructor'], /^Unknown command constructor$/, /--help to list/],
  [['version', 'x'], /^Unexpected argument "x" for whisper version$/, /./],
  [['hook', 'nvim'], /^There is no hook for nvim$/, /^Did you mean neovim\?$/],
  [['hook', 'constructor'], /^There is no hook for constructor$/, /./],

  [['help', 'list', 'prune'], /^whisper help takes one command$/, /./],
  [['prune', '--dryrun'], /^Unknown option --dryrun/, /Did you mean --dry-run\?/],
  [['list', '--dry-run'], /^Unknown option --dry-run for whisper list$/, /./],
  [['list', '-x'], /^Unknown option -x for whisper list$/, /./],
  [['prune', '--json=yes'], /--json/, /./],
  [['prune', '--wait'], /--wait/, /./],
  [['prune', 'x'], /^Unexpected argument "x" for whisper prune$/, /whisper prune --help/],
  [['list', 'x'], /^Unexpected argument "x" for whisper/, /./],
  [['sync', 'x'], /^Unexpected argument "x" for whisper/, /./],
  [['path'], /^whisper path requires MODEL$/, /./],
  [['path', 'a', 'b'], /^Unexpected argument "b" for whisper/, /./],
  [['add'], /^whisper add requires MODEL\|URL$/, /./],
  [['remove'], /^whisper remove requires MODEL$/, /./],
  [['prune', '--exit-code'], /--exit-code requires --dry-run/, /./],
  [['sync', '--exit-code'], /--exit-code requires --dry-run/, /./],
  [['download', 'tiny', '--exit-code'], /--exit-code requires --dry-run/, /./],
  ...WRONG_ATTRS,
  ...['soon', '-1', '', '1e9x', '0x10'].map(
    (wait) =>
      [['prune', `--wait=${wait}`], /--wait takes a number of seconds/, /./] as const satisfies readonly unknown[],
  ),
  ...['fast', '0', '-2M', '2X', ''].map(
    (rate) =>
      [
        ['sync', `--limit-rate=${rate}`],
        /--limit-rate takes bytes per second/,
        /./,
      ] as const satisfies readonly unknown[],
  ),
  ...['0', '17', 'many', '1.5'].map(
    (number) =>
      [
        ['sync', `--connections=${number}`],
        /--connections takes a number from 1 to 16/,
        /./,
      ] as const satisfies readonly unknown[],
  ),
  [['list', '--file='], /--file is empty/, /./],
  [['list', '--models-dir='], /--models-dir is empty/, /./],
].map(([args, says, hint]) => [args, says, hint] as [readonly string[], RegExp, RegExp]);
for (const [args, says, hint] of wrong) {
  test(`usage: whisper ${JSON.stringify(args)}`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry([TINY]);
    const before = scratch.snapshot();
    const ran = await scratch.run(['--json', ...args]);
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code']], [2, 'usage'], ran.stdout);
    assert.match(String(error['message']), says);
    assert.match(String(error['hint']), hint);
    const { code, stdout, stderr } = await scratch.run(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /whisper: /);
    assert.deepEqual(scratch.snapshot(), before);
  });
}

test('rates and times are accepted in the usual notations', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 40_000 }, [TINY]);
  for (const rate of ['500K', '2M', '1.5m', '3MiB', '100000', '1G', '7kB']) {
    assert.equal((await run(['sync', '-n', '--limit-rate', rate])).code, 0, rate);
  }
  for (const wait of ['0', '10', '2.5']) assert.equal((await run(['prune', '--wait', wait])).code, 0, wait);
});

test('a rate limit is kept', async (t) => {
  const { run } = await hubProject(t, { [TINY]: 400_000 }, [TINY]);
  let waited = 0;
  const delay = async (milliseconds: number): Promise<void> => void (waited += milliseconds);
  assert.equal((await run(['sync', '--limit-rate', '10K'], { delay })).code, 0);
  assert.ok(waited > 30_000, `${waited} ms for 400 kB at 10 KiB a second`);
});

test('names that are not in the catalogue suggest similar ones', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([]);
  for (const command of ['download', 'add', 'path', 'remove']) {
    const ran = await scratch.run([command, 'medium.en-q5_1', '--json']);
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code']], [2, 'unknown-model']);
    assert.match(String(error['hint']), /^Did you mean medium\.en-q5_0\b/);
  }
  for (const name of ['../x', 'a/b', 'x\ny', '', '\x1b[31m', 'x'.repeat(300)]) {
    const ran = await scratch.run(['download', name, '--json']);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [2, 'bad-model-name'], name);
    const { stderr } = await scratch.run(['download', name]);
    assert.doesNotMatch(stderr.replaceAll('\n', ''), /\p{Cc}/u);
  }
});

const answers: readonly [string, number, string][] = [
  ['1\n', 0, 'ggml-tiny.en-q5_1.bin'],
  ['2\n', 0, 'ggml-base.en-q5_1.bin'],
  ['3\n', 0, 'ggml-small.en-q5_1.bin'],
  ['4', 0, 'ggml-medium.en-q5_0.bin'],
  [' 5 \r\n', 0, 'ggml-tiny.bin'],
  ['base.en-q5_1\nignored\n', 0, 'ggml-base.en-q5_1.bin'],
  ['', 2, 'No model was chosen'],
  ['\n', 2, 'No model was chosen'],
  ['0\n', 2, 'There is no number 0 in the menu'],
  ['999\n', 2, 'There is no number 999 in the menu'],
  ['999\n\n', 2, 'No model was chosen'],
  ['0\n999\n', 2, 'There is no number 999 in the menu'],
  ['999\nmedium.en-q5_1\n2\nignored\n', 0, 'ggml-base.en-q5_1.bin'],
  ['medium.en-q5_1\n', 2, 'medium.en-q5_1 is not in the catalogue'],
];
for (const [stdin, exit, says] of answers) {
  test(`the menu takes ${JSON.stringify(stdin)}`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry([]);
    const ran = await scratch.run(['download', '-n', '--json'], { stdin });
    assert.equal(ran.code, exit, ran.stdout);
    if (exit === 0) assert.deepEqual(JSON.parse(ran.stdout).registered, [says]);
    else assert.ok(String(jsonError(ran)['message']).startsWith(says));
    // What will happen is shown before it does.
    assert.equal(/^ {2}download .*\n {2}remove .*\n {2}disk /m.test(ran.stderr), exit === 0, ran.stderr);
    assert.match(
      ran.stderr,
      /^ {2}1 {2}tiny\.en-q5_1 .*\n {2}2 {2}base\.en-q5_1 .*\(recommended\)\n {2}3 {2}small\.en-q5_1 .*\n {2}4 {2}medium\.en-q5_0 /,
    );
  });
}

test('a program called whisper-list is whisper list', async (t) => {
  const scratch = Scratch.create(t);
  for (const command of commands) {
    for (const program of [`whisper-${command}`, `whisper-${command}.cjs`]) {
      const { stdout } = await scratch.run(['--help'], { program });
      assert.match(stdout, new RegExp(`Usage: whisper ${command}\\b`));
    }
  }
  for (const program of ['whisper-manager', 'whisper-models', 'main.cjs', 'whisper-list.txt']) {
    assert.match((await scratch.run(['--help'], { program })).stdout, /Usage: whisper COMMAND/);
  }
});

const { bin } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as { bin: Record<string, string> };
for (const [name, file] of Object.entries(bin)) {
  test(`${name} knows its command through a link and behind a wrapper`, (t) => {
    const command = /^whisper-(?!manager|models)(.*)$/.exec(name)?.[1] ?? 'COMMAND';
    const main = join(PACKAGE, file);
    const link = join(Scratch.create(t).path, name);
    symlinkSync(main, link);
    for (const [program, ...args] of [[main], [link], [process.execPath, main]] as const) {
      const help = execFileSync(program, [...args, '--help'], { encoding: 'utf8' });
      assert.match(help, new RegExp(`^Usage: whisper ${command}\\b`, 'm'));
    }
  });
}
