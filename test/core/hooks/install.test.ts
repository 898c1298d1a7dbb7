import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GIT_BLOCK, withGitBlock, withPreCommitEntry } from '../../../src/core/hooks/repository.ts';

const HOOKS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  'a shell script': ['#!/bin/sh\necho mine\n', `#!/bin/sh\n${GIT_BLOCK}echo mine\n`],
  'one that ends early': ['#!/usr/bin/env bash\nexit 0', `#!/usr/bin/env bash\n${GIT_BLOCK}exit 0`],
  'one that gives way to another program': [
    '#!/bin/sh -e\nexec other "$@"\n',
    `#!/bin/sh -e\n${GIT_BLOCK}exec other "$@"\n`,
  ],
  'one without a first line that says what it is': ['echo mine\n', `${GIT_BLOCK}echo mine\n`],
  'an empty one': ['', GIT_BLOCK],
};

for (const [what, [before, after]] of Object.entries(HOOKS)) {
  test(`the block is inserted once, after the first line of ${what}`, () => {
    assert.deepEqual(withGitBlock(before), { text: after });
    assert.deepEqual(withGitBlock(after), { text: after });
  });
}

test('an older block is replaced in its place', () => {
  const old = '#!/bin/sh\nbefore\n# >>> whisper >>>\nold\n# <<< whisper <<<\nafter\n';
  assert.deepEqual(withGitBlock(old), { text: `#!/bin/sh\nbefore\n${GIT_BLOCK}after\n` });
});

test('a hook that is not a shell script is refused', () => {
  for (const hook of ['#!/usr/bin/env python3\n', '#!/bin/sh\r\necho\r\n', '#!/bin/sh\n# >>> whisper >>>\n'])
    assert.ok('refusal' in withGitBlock(hook), hook);
});

const OTHER = ['repos:', '- repo: https://example.org/a', '  rev: v1', '  hooks:', '  - id: a'];

test('the entry for pre-commit is appended to its list, with the same indentation', () => {
  const flat = `${OTHER.join('\n')}\n`;
  const added = withPreCommitEntry(flat);
  assert.ok('text' in added && added.text.startsWith(`${flat}- repo: local\n  hooks:\n    - id: whisper-check\n`));
  assert.deepEqual(withPreCommitEntry(added.text), added, 'once');
});

test('the text after the list is kept byte by byte', () => {
  const deep = OTHER.map((line, at) => (at === 0 ? line : `    ${line}`)).join('\n');
  const [head, tail] = ['# ours\ndefault_stages: [commit]\n', '\n\n# the rest\nci:\n  autofix_prs: false\n'];
  const added = withPreCommitEntry(`${head}${deep}${tail}`);
  assert.ok('text' in added);
  assert.ok(added.text.startsWith(`${head}${deep}\n    - repo: local\n      hooks:\n`), added.text);
  assert.ok(added.text.endsWith(`pass_filenames: false${tail}`), added.text);
});

test('line endings are kept, also a missing last one', () => {
  const added = withPreCommitEntry(OTHER.join('\r\n'));
  assert.ok('text' in added && added.text.startsWith(`${OTHER.join('\r\n')}\r\n`), JSON.stringify(added));
  assert.ok(!/[^\r]\n/.test(added.text), JSON.stringify(added));
});

test('a list in another layout is refused', () => {
  for (const text of [
    'repos: []\n',
    'repos: [{repo: local}]\n',
    'other: 1\n',
    'repos:\n',
    'repos:\n- repo: a\nrepos:\n- repo: b\n',
  ])
    assert.ok('refusal' in withPreCommitEntry(text), text);
});
