import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROGRAMS, scriptFor, SCRIPTS, type ShellName } from '../../src/core/completion/scripts.ts';
import { withGitBlock, withPreCommitEntry } from '../../src/core/hooks/repository.ts';
import { SNIPPETS } from '../../src/core/hooks/snippets.ts';
import { programName, withProgramName } from '../../src/core/program-name.ts';

/** What may still be named `whisper` in texts for `whisper-manager`: files of the registry, labels, and the names of groups and messages. */
const LABELS =
  /whisper-(?:manager|check|prune-after-save|download|prune|list)|whisper: |(?:augroup|group) "?whisper\b|augroup\("whisper"|name "whisper"|>>> whisper >>>|<<< whisper <<<|Completion of whisper|-V whisper|s:Whisper\w+/g;

test('texts name the program as it was called, by either of its names', () => {
  assert.deepEqual(['whisper', 'whisper-manager', 'whisper-prune', 'x'].map(programName), [
    'whisper',
    'whisper-manager',
    'whisper',
    'whisper',
  ]);
  for (const [editor, snippet] of Object.entries(SNIPPETS)) {
    assert.equal(withProgramName(snippet, 'whisper'), snippet);
    const named = withProgramName(snippet, 'whisper-manager');
    assert.match(named, /whisper-manager['"]?,? ?['"]?(?:prune|check)|"whisper-manager" \/>/, editor);
    assert.doesNotMatch(named.replaceAll(LABELS, ''), /whisper/, editor);
  }
});

test('a git hook that is installed as whisper-manager changes no other line of the file', () => {
  const own = '#!/bin/sh\nwhisper prune\n';
  const installed = withGitBlock(own, 'whisper-manager');
  assert.ok('text' in installed);
  assert.ok(installed.text.endsWith('\nwhisper prune\n'));
  assert.match(installed.text, /command -v whisper-manager [^]*\n {4}whisper-manager prune --quiet/);
  const config = 'repos:\n- repo: local\n  hooks:\n    - id: x\n      entry: whisper check\n';
  const entry = withPreCommitEntry(config, 'whisper-manager');
  assert.ok('text' in entry && entry.text.startsWith(config));
  assert.match(entry.text, /entry: whisper-manager check\n/);
});

test('completion as whisper-manager leaves another whisper alone', () => {
  for (const shell of Object.keys(SCRIPTS) as readonly ShellName[]) {
    assert.equal(scriptFor(shell, 'whisper'), SCRIPTS[shell]);
    const script = scriptFor(shell, 'whisper-manager');
    assert.doesNotMatch(
      script.replaceAll(/whisper-(?:manager|download|prune|list)|Completion of whisper|-V whisper/g, ''),
      /whisper(?!_manager)/,
      shell,
    );
    for (const program of PROGRAMS.slice(1)) assert.ok(script.includes(program), `${shell}: ${program}`);
  }
});
