import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BASE, ended, picking, SMALL, TINY } from '../support/picking.ts';
import { needsPrograms } from '../support/needs.ts';

const needsTmux = needsPrograms('tmux');
const SIZE = { columns: 100, rows: 30 };

test('a terminal that gets narrower and wider again shows one whole picker', needsTmux, async (t) => {
  const { terminal, open } = await picking(t, SIZE);
  await open();
  await terminal.press('\t');
  const before = await terminal.untilScreen(/1 selected, 44 models\n[^]* download {2}tiny[^]*tab select/);
  await terminal.resize({ columns: 60, rows: 30 });
  const narrow = await terminal.untilScreen(/^ {4}MODEL +SIZE {2}STATE\n[^]*tab select/m);
  assert.equal(narrow.match(/Which models\?/g)?.length, 1);
  assert.equal(narrow.match(/^ {2}download /gm)?.length, 1);
  await terminal.resize(SIZE);
  assert.equal(await terminal.untilScreen(/^ {4}MODEL .* MEMORY {2}STATE\n[^]*tab select/m), before);
  await terminal.press('\x03');
  await terminal.untilScreen(ended(130));
});

test('a small terminal has all that is needed', needsTmux, async (t) => {
  const { terminal, open } = await picking(t, { columns: 60, rows: 12 });
  await open();
  await terminal.press('\x1b[6~'.repeat(6));
  await terminal.untilScreen(
    /^Which models\? type to filter +44 models\n {4}MODEL [^]*parakeet-tdt-\S*…-q4_k [^]*❯ ◻ huge [^]* download [^]* remove [^]* disk [^]*tab select/,
  );
  await terminal.press('\x03');
  await terminal.untilScreen(ended(130));
});

test('NO_COLOR and --no-color have no colours, and other locales no signs', needsTmux, async (t) => {
  const { terminal, open } = await picking(t, SIZE, { NO_COLOR: '1', LC_ALL: 'en_US.ISO-8859-1' });
  await open();
  await terminal.press('\t');
  await terminal.untilScreen(/\[x\] tiny\.en-q5_1 [^]*> \[ \] base/);
  assert.doesNotMatch(await terminal.colours(), /\x1b/);
  await terminal.press('\x03');
  await terminal.untilScreen(ended(130));
  const other = await picking(t, SIZE);
  await other.open();
  assert.match(await other.terminal.colours(), /\x1b\[/);
  await other.terminal.press('\x03');
  await other.terminal.untilScreen(ended(130));
  await other.open('--no-color');
  assert.doesNotMatch(await other.terminal.colours(), /\x1b/);
  await other.terminal.press('\x03');
  await other.terminal.untilScreen(ended(130));
});

test('without a capable terminal, the numbered menu is shown', needsTmux, async (t) => {
  for (const env of [{ TERM: 'dumb' }, { ACCESSIBLE: '1' }]) {
    const { terminal, open, scratch } = await picking(t, SIZE, env);
    await open('', /^Which models\? Numbers or names: *$/m);
    assert.match(await terminal.screen(), /^ 44 {2}huge +8000 TB$/m);
    await terminal.press('small.en-q5_1, 1\r');
    await terminal.untilScreen(ended(0));
    assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
  }
});

test(
  'the numbered menu asks again after a wrong number, and before it lets a model be removed',
  needsTmux,
  async (t) => {
    const { terminal, open, scratch } = await picking(t, SIZE, { ACCESSIBLE: '1' });
    const question = /^Which models\? Numbers or names: *$/m;
    for (const [consent, code, left] of [
      ['n', 130, [BASE, SMALL]],
      ['', 0, [BASE, TINY]],
    ] as const) {
      await open('', question);
      await terminal.press('99\r');
      await terminal.untilScreen(
        /There is no number 99 in the menu, which has 1 to 44\n[^]*^Which models\? Numbers or names: *$/m,
      );
      await terminal.press('1\r');
      await terminal.untilScreen(
        /^ {2}download {2}tiny\.en-q5_1 \(4\.0 kB\)\n {2}remove {4}small\.en-q5_1 \(6\.0 kB\)\n {2}disk {6}needs 4\.0 kB, .*\nContinue\? \[Y\/n\] *$/m,
      );
      assert.deepEqual(scratch.modelNames(), [BASE, SMALL]);
      await terminal.press(`${consent}\r`);
      await terminal.untilScreen(ended(code));
      assert.deepEqual(scratch.modelNames(), left);
    }
  },
);
