import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { helpText } from '../src/cli/args/help.ts';
import { COMMANDS } from '../src/commands/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The texts for users that the linter reads. A page is added when it is written in plain words. */
const PAGES = [
  'ARCHITECTURE.md',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'nix/README.md',
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Words that a native speaker would not write in the documentation of a program, each with a better one. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\b(some|no|every)body\b/i, 'name who: the user, another process, everyone'],
  [/\bwhoever\b/i, 'anyone who'],
  [/\ball the same\b/i, 'anyway'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\banew\b/i, 'again'],
  [/\bmeanwhile\b/i, 'in the meantime, during'],
  [
    /(?<!there )\b(is|are|was|were) no (?!longer\b|other\b|more\b|permission\b|space\b|registry\b|such\b)[a-z]/i,
    'is not a',
  ],
  [/\bat the (most|least)\b/i, 'at most'],
  [/\bgo(es|ing)? on\b(?! the)/i, 'continues, resumes'],
  [/\bwhat (is|was) (there|here)\b/i, 'existing'],
  [/\bl(ies|ie) (in|on|below|beside|behind|there|where)\b/i, 'is in'],
  [/\b(goes|go) before\b/i, 'overrides'],
  [/\b(take|takes) (its|their) place\b/i, 'replaces'],
  [/\bin (good )?order(?! to\b| of\b)(?=[.,;:]|$| and the)/im, 'valid'],
  [/\btwice and compared\b/i, 'read again and compared'],
  [/\bleft alone\b/i, 'not changed'],
  [/\bin the way\b/i, 'say what it is'],
  [/\bgives? back\b|\bgave back\b|\bgiven back\b/i, 'restore'],
  [/\bfrom now on\b/i, 'later'],
  [/\bwants? to be\b/i, 'no personification'],
  [/\b(is|are) (not )?told\b/i, 'printed, known'],
  [/\btake (it|them|one) (away|out)\b/i, 'delete'],
  [/\bat work\b/i, 'is running, is using'],
];

/** The words of a text that are forbidden, each with its line and what to write instead. Code is not read. */
function findings(text: string): readonly string[] {
  const prose = text
    .replaceAll(/^```.*?^```$/gms, (code) => code.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]*`/g, '``');
  return FORBIDDEN.flatMap(([word, better]) =>
    [...prose.matchAll(new RegExp(word.source, `${word.flags}g`))].map(({ 0: found, index }) => {
      const line = prose.slice(0, index).split('\n').length;
      return `line ${line}: "${found}": ${better}`;
    }),
  );
}

for (const page of PAGES)
  test(`${page} is written in plain words`, () => {
    assert.deepEqual(findings(readFileSync(join(ROOT, page), 'utf8')), []);
  });

test('the help of every command is written in plain words', () => {
  for (const command of [undefined, ...COMMANDS]) assert.deepEqual(findings(helpText(command)), [], command?.name);
});

test('the manual page is written in plain words', () => {
  assert.deepEqual(findings(readFileSync(join(ROOT, 'dist/man/whisper.1'), 'utf8')), []);
});

test('a message that is built in src is written in plain words', () => {
  const files = readdirSync(join(ROOT, 'src/core/messages'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => each.endsWith('.ts'))) {
    const text = readFileSync(join(ROOT, 'src/core/messages', file), 'utf8');
    const sentences = [...text.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)].map(([quoted]) =>
      quoted.slice(1, -1),
    );
    assert.deepEqual(findings(sentences.join('\n')), [], file);
  }
});

test('comments in src are written in plain words', () => {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => each.endsWith('.ts'))) {
    const comments = readFileSync(join(ROOT, 'src', name), 'utf8').match(/\/\*\*?[^]*?\*\/|^\s*\/\/.*/gm) ?? [];
    // Code may do things in order, one after the other.
    const found = findings(comments.join('\n')).filter((each) => !/"in order"/i.test(each));
    assert.deepEqual(found, [], name);
  }
});

test('the names of tests are written in plain words', () => {
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => each.endsWith('.test.ts'))) {
    const text = readFileSync(join(ROOT, 'test', file), 'utf8');
    const names = [...text.matchAll(/\btest\(\s*('(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/g)].map(([, name = '']) =>
      name.slice(1, -1),
    );
    assert.deepEqual(findings(names.join('\n')), [], file);
  }
});

test('the linter finds a forbidden word with its line, and ignores code', () => {
  assert.deepEqual(findings('A page.\n\nThis mends `nobody`, and is no model.\n'), [
    'line 3: "mends": fix',
    'line 3: "is no m": is not a',
  ]);
  assert.deepEqual(findings('```sh\necho nobody\n```\nThe list is no longer empty.\n'), []);
  for (const [word] of FORBIDDEN) assert.ok(word.source.length > 5);
});
