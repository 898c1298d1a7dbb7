import assert from 'node:assert/strict';
import { test } from 'node:test';
import { titleFor } from '../../../src/cli/progress/open-progress.ts';

const XTERM = { TERM: 'xterm-256color' };

test('the title shows the percentage, and is restored', () => {
  assert.deepEqual(titleFor(XTERM, 42), {
    begin: '\x1b[22;2t',
    now: '\x1b]2;42 % whisper\x07',
    end: '\x1b]2;\x07\x1b[23;2t',
  });
  for (const env of [{}, { TERM: 'dumb' }, { TERM: 'linux' }, { TERM: 'screen', STY: '1.pts' }])
    assert.deepEqual(titleFor(env, 42), { begin: '', now: '', end: '' });
  assert.match(titleFor({ TERM: 'screen-256color', TMUX: '/run/tmux' }, 42).now, /42 %/);
});

const known: readonly Readonly<Record<string, string>>[] = [
  { WT_SESSION: '4c1b' },
  { ConEmuANSI: 'ON' },
  { TERM_PROGRAM: 'WezTerm' },
  { TERM_PROGRAM: 'ghostty', TERM_PROGRAM_VERSION: '1.2.0' },
  { TERM_PROGRAM: 'ghostty', TERM_PROGRAM_VERSION: '2.0.1-main' },
  { PTYXIS_VERSION: '48.1' },
  { TERM_PROGRAM: 'iTerm.app', TERM_FEATURES: 'T3LrMSc7UUw9Ts3BFGsSyHNoSxFP' },
];
const unknown: readonly Readonly<Record<string, string>>[] = [
  {},
  { ConEmuANSI: 'OFF' },
  { TERM_PROGRAM: 'ghostty', TERM_PROGRAM_VERSION: '1.1.3' },
  { TERM_PROGRAM: 'ghostty' },
  { PTYXIS_VERSION: '47.6' },
  { TERM_PROGRAM: 'iTerm.app', TERM_FEATURES: 'T3LrMSc7UUw9Ts3BFGsSyHNoSxF' },
  { TERM_PROGRAM: 'Apple_Terminal' },
  { KITTY_WINDOW_ID: '1' },
  { WT_SESSION: '4c1b', TMUX: '/run/tmux' },
];
for (const [hasProgress, environments] of [
  [true, known],
  [false, unknown],
] as const) {
  for (const env of environments)
    test(`a terminal that says ${JSON.stringify(env)} ${hasProgress ? 'gets' : 'does not get'} the progress`, () => {
      const { now, end } = titleFor({ ...XTERM, ...env }, 42);
      assert.equal(now.includes('\x1b]9;4;1;42\x1b\\'), hasProgress);
      assert.equal(end.includes('\x1b]9;4;0;\x1b\\'), hasProgress);
    });
}
