import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ended, picking, type Picking } from '../support/picking.ts';
import { needsPrograms } from '../support/needs.ts';

const needsTmux = needsPrograms('tmux');

test('Ctrl-C leaves no trace', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  await open();
  const before = scratch.snapshot();
  await terminal.press('large\t');
  await terminal.untilScreen(/1 selected/);
  await terminal.press('\x03');
  await terminal.untilScreen(ended(130));
  assert.match(await terminal.screen(), /^ended 130, icanon\n[$#] *\n*$/);
  assert.equal(await terminal.variable('cursor_flag'), '1');
  assert.deepEqual(scratch.snapshot(), before);
});

test('with --json, a cancelled picker still prints one document', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  await open('--json > result.json');
  await terminal.press('\x1b');
  await terminal.untilScreen(ended(130));
  const { error } = JSON.parse(scratch.read('result.json')) as { error: { code: string } };
  assert.equal(error.code, 'interrupted');
});

test('Ctrl-D ends the input while nothing is typed', needsTmux, async (t) => {
  const { terminal, open } = await picking(t);
  await open();
  await terminal.press('x\x04');
  await terminal.untilScreen(/Which models\? x /);
  await terminal.press('\x7f\x04');
  await terminal.untilScreen(ended(2));
  assert.match(await terminal.screen(), /^whisper: No model was chosen/);
});

test('SIGTERM ends the picker and restores the terminal', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  await open();
  process.kill(Number(readFileSync(join(scratch.path, 'pid'), 'utf8')), 'SIGTERM');
  await terminal.untilScreen(ended(143));
  assert.doesNotMatch(await terminal.screen(), /Which models/);
  assert.equal(await terminal.variable('cursor_flag'), '1');
});

for (const [what, quit] of [
  ['Ctrl-\\', async ({ terminal }: Picking) => terminal.press('\x1c')],
  ['SIGQUIT', ({ scratch }: Picking) => void process.kill(Number(scratch.read('pid')), 'SIGQUIT')],
] as const) {
  test(`${what} ends the picker and restores the terminal`, needsTmux, async (t) => {
    const picker = await picking(t);
    const { terminal, open } = picker;
    // A core dump is not needed.
    await terminal.press('ulimit -c 0\r');
    await open();
    await quit(picker);
    await terminal.untilScreen(ended(131));
    assert.doesNotMatch(await terminal.screen(), /Which models/);
    assert.equal(await terminal.variable('cursor_flag'), '1');
  });
}

test('Ctrl-Z suspends the picker, and fg shows it again', needsTmux, async (t) => {
  const { terminal, open } = await picking(t);
  await open();
  await terminal.press('turbo');
  await terminal.untilScreen(/3 of 44/);
  await terminal.press('\x1a');
  await terminal.untilScreen(/Stopped|Suspended/i);
  assert.doesNotMatch(await terminal.screen(), /Which models/);
  await terminal.press('fg\r');
  await terminal.untilScreen(/Which models\? turbo .*3 of 44/);
  await terminal.press('\x15');
  await terminal.untilScreen(/type to filter/);
  await terminal.press('\x03');
  await terminal.until(async () => !/Which models/.test(await terminal.screen()));
});
