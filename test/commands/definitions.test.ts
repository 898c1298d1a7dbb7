import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { manPage } from '../../scripts/man-page/page.ts';
import { parseCommandLine } from '../../src/cli/args/args.ts';
import { helpText } from '../../src/cli/args/help.ts';
import { chooseCompletion } from '../../src/cli/completion/choice.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { SCRIPTS } from '../../src/core/completion/scripts.ts';
import { WhisperError } from '../../src/core/errors.ts';
import { SNIPPETS } from '../../src/core/hooks/snippets.ts';

const SRC = resolve(import.meta.dirname, '../../../src');
const names = COMMANDS.map(({ name }) => name);
const page = manPage({ version: '1', date: '2000-01-01', programs: ['whisper'] });
const offered = chooseCompletion({ words: [], current: '', cut: 0, isRedirection: false }, undefined);

test('each folder with a definition is in the index, once', () => {
  const folders = readdirSync(join(SRC, 'commands'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/definition.ts'))
    .map((path) => path.replace('/definition.ts', ''));
  assert.deepEqual(names.toSorted(), folders.toSorted());
});

for (const { name, summary, operands, otherNames = [], load } of COMMANDS) {
  test(`whisper ${name} can be run, and is in the help, the manual page and the completions`, async () => {
    assert.equal(typeof (await load()), 'function');
    assert.ok(helpText(undefined, 300).includes(`  ${`${name} ${operands?.label ?? ''}`.trim()} `));
    assert.match(page, new RegExp(String.raw`^\\fB${name}\\f[RP]`, 'm'));
    assert.ok(offered.kind === 'words');
    assert.ok(offered.candidates.some(({ word, description }) => word === name && description === summary));
    for (const other of otherNames) {
      const [word, option] = typeof other === 'string' ? [other] : other;
      assert.throws(
        () => parseCommandLine('whisper', [word]),
        (error) =>
          error instanceof WhisperError &&
          error.hint === `Did you mean ${['whisper', name, option].filter((part) => part !== undefined).join(' ')}?`,
      );
    }
  });
}

test('words that completion offers are those that the command takes', () => {
  const wordsOf = (command: string): unknown => COMMANDS.find(({ name }) => name === command)?.operands?.kind;
  assert.deepEqual(wordsOf('hook'), Object.keys(SNIPPETS));
  assert.deepEqual(wordsOf('completions'), Object.keys(SCRIPTS));
});

test('only the index names all commands', () => {
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  // Words that mean something else in the program, too, say nothing.
  const telling = ['download', 'sync', 'prune', 'doctor', 'identify', 'verify', 'completions', 'watch'];
  const tables = sources.filter((path) => {
    const text = readFileSync(join(SRC, path), 'utf8');
    return telling.every((name) => new RegExp(String.raw`^\s*'?${name}(?:Command)?'?[:,]`, 'm').test(text));
  });
  assert.deepEqual(tables, ['commands/index.ts']);
});
