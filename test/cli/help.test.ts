import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { parseCommandLine } from '../../src/cli/args/args.ts';
import { helpText, columns } from '../../src/cli/args/help.ts';
import { EXIT_MEANINGS, VARIABLES } from '../../src/cli/args/reference.ts';
import { COMMANDS, findCommand } from '../../src/commands/index.ts';
import { GLOBAL_OPTIONS, OPTIONS } from '../../src/commands/options.ts';
import { EXIT } from '../../src/core/errors.ts';

const SRC = resolve(import.meta.dirname, '../../../src');
const pages = [undefined, ...COMMANDS];

for (const width of [undefined, 60, 132]) {
  test(`no line of any help is wider than ${width ?? 'the usual terminal'}`, () => {
    for (const command of pages) {
      // A command line to copy is one line, however narrow the terminal is.
      const isExample = (line: string): boolean => /^ {2}whisper/.test(line);
      const wide = helpText(command, width)
        .split('\n')
        .filter((line) => line.length > (width ?? 80) && (width === undefined || !isExample(line)));
      assert.deepEqual(wide, [], command?.name);
    }
  });
}

test('what is wrapped keeps all its words, in the right column', () => {
  assert.deepEqual(
    columns(
      [
        ['a', 'one two three four five six seven'],
        ['bc', 'x'],
      ],
      40,
    ),
    ['  a   one two three four five six seven', '  bc  x'],
  );
  const narrow = columns([['name', 'word '.repeat(20).trim()]], 1);
  assert.equal(narrow.join(' ').match(/word/g)?.length, 20);
  assert.deepEqual(
    narrow.filter((line) => line.length > 40 || !/^( {2}name| {6}) {2}\S/.test(line)),
    [],
  );
});

test('help describes an option for its command', () => {
  assert.match(helpText(findCommand('download')), /--force +replace existing files$/m);
  assert.match(helpText(findCommand('prune')), /--force +also remove models in use$/m);
  for (const { name: command, options, optionHelp = {} } of COMMANDS) {
    for (const name of Object.keys(optionHelp))
      assert.ok(
        options.some((each) => each === name),
        `${command} ${name}`,
      );
  }
});

test('each option belongs to a command, or to all', () => {
  const used = new Set<string>([...GLOBAL_OPTIONS, ...COMMANDS.flatMap((each) => each.options)]);
  assert.deepEqual([...used].toSorted(), Object.keys(OPTIONS).toSorted());
});

test('the help of the program tells every exit code', () => {
  const text = helpText(undefined, 200);
  for (const [name, code] of Object.entries(EXIT)) {
    assert.ok(text.includes(`\n  ${String(code).padEnd(3)}  ${EXIT_MEANINGS[name as keyof typeof EXIT]}\n`), name);
  }
});

test('every variable that the program reads is in the table', () => {
  // What every program has or its terminal says, the old names that the Hugging Face tools still take, and what tests set.
  const others = [
    'HOME',
    'PATH',
    'TERM',
    'TERM_PROGRAM_VERSION',
    'LC_ALL',
    'LC_CTYPE',
    'LANG',
    'HUGGING_FACE_HUB_TOKEN',
    'HUGGINGFACE_HUB_CACHE',
    'TRANSFORMERS_OFFLINE',
  ];
  const known = new Set([...VARIABLES.map(({ name }) => name), ...others, 'WHISPER_FAULT_POINT']);
  const read = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('core/'))
    .flatMap((name) => [
      ...readFileSync(join(SRC, name), 'utf8').matchAll(
        /environment\['([A-Z_]+)'\]|folder\('([A-Z_]+)'\)|xdgFolder\(environment, '([A-Z_]+)'/g,
      ),
    ])
    .map(([, ...names]) => names.find((name) => name !== undefined) ?? '');
  assert.ok(read.length > 12, read.join(' '));
  assert.deepEqual(
    read.filter((name) => !known.has(name)),
    [],
  );
});

test('every example is a command line that the program takes', () => {
  for (const { name, examples = [] } of COMMANDS) {
    for (const { line } of examples) {
      const [, words = ''] = /whisper ([a-z][^)]*)/.exec(line) ?? [];
      const { command: parsed } = parseCommandLine('whisper', words.replace(/[")].*| >.*/, '').split(' '));
      assert.equal(parsed?.name, name, line);
    }
  }
});
