import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BASE, ended, picking, SMALL, TINY } from '../support/picking.ts';
import { needsPrograms } from '../support/needs.ts';

const needsTmux = needsPrograms('tmux');

test('models are found by typing, selected by Tab and fetched by Enter', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  await open('--json > result.json');
  await terminal.untilScreen(/❯ ◻ tiny\.en-q5_1 +4\.0 kB {2}en +q5_1\n/);
  assert.match(
    await terminal.screen(),
    /base\.en-q5_1 .* active, on disk\n.*small\.en-q5_1 .* on disk, commented out\n/,
  );
  assert.match(
    await terminal.screen(),
    /download {2}tiny\.en-q5_1 \(4\.0 kB\)\n {2}remove {4}small\.en-q5_1 \(6\.0 kB\)\n/,
  );
  await terminal.press('disk small');
  await terminal.untilScreen(/1 of 44 models\n.*\n❯ ◻ small/);
  await terminal.press('\t');
  await terminal.untilScreen(
    /1 selected, 1 of 44[^]*❯ ◼ small[^]*download {2}small\.en-q5_1 already on disk\n {2}remove {4}nothing\n/,
  );
  // Esc alone, and no key with it: the filter goes, what is selected stays.
  await terminal.press('\x1b');
  await terminal.untilScreen(/type to filter +1 selected, 44 models\n[^]*❯ ◼ small/);
  await terminal.press('en q5 tiny');
  await terminal.untilScreen(/1 selected, 1 of 44/);
  await terminal.press('\t');
  await terminal.untilScreen(/2 selected[^]*download {2}tiny\.en-q5_1 \(4\.0 kB\); small\.en-q5_1 already on disk\n/);
  await terminal.press('\r');
  await terminal.untilScreen(ended(0));
  assert.match(await terminal.screen(), /^✓ small\.en-q5_1, tiny\.en-q5_1\nended 0/);
  const result = JSON.parse(scratch.read('result.json')) as { registered: unknown; pruned: unknown };
  assert.deepEqual(result.registered, [SMALL, TINY]);
  assert.deepEqual(result.pruned, []);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
});

test('with nothing selected, Enter takes the focused model; --no-prune is respected', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  await open('--no-prune --quiet');
  assert.match(await terminal.screen(), /remove {4}nothing \(--no-prune\)\n/);
  await terminal.press('\x1b[B');
  await terminal.untilScreen(/❯ ◻ base/);
  await terminal.press('\x1b[A\r');
  await terminal.untilScreen(ended(0));
  assert.doesNotMatch(await terminal.screen(), /^✓ tiny\.en-q5_1$/m);
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL, TINY]);
});

test('Space selects while nothing is typed, and is a space in a filter', needsTmux, async (t) => {
  const { terminal, open } = await picking(t);
  await open();
  await terminal.press(' ');
  await terminal.untilScreen(/1 selected, 44 models\n[^]*◼ tiny\.en-q5_1 [^]*❯ ◻ base/);
  await terminal.press('\x1b[B');
  await terminal.untilScreen(/❯ ◻ small/);
  await terminal.press('small multi');
  await terminal.untilScreen(/Which models\? small multi +1 selected, 3 of 44 models\n/);
  await terminal.press('\x1b');
  await terminal.untilScreen(/type to filter/);
  await terminal.press('\x03');
  await terminal.untilScreen(ended(130));
});

test('Esc asks before it drops a selection, and leaves at once without one', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  const question = /Discard the selection \(1 model\)\? esc: discard · any other key: go back/;
  await open();
  await terminal.press('\t');
  await terminal.untilScreen(/1 selected/);
  // Enter answers the question, and downloads nothing; Tab is a key as ever.
  for (const [key, after] of [
    ['\r', /1 selected, 44 models\n[^]*esc cancel/],
    ['\t', /2 selected, 44 models\n[^]*esc cancel/],
  ] as const) {
    await terminal.press('\x1b');
    await terminal.untilScreen(/Discard the selection \(\d models?\)\?/);
    await terminal.press(key);
    await terminal.untilScreen(after);
  }
  await terminal.press('\x1b[A\t');
  await terminal.untilScreen(/1 selected/);
  await terminal.press('\x1b');
  await terminal.untilScreen(question);
  await terminal.press('\x1b');
  await terminal.untilScreen(ended(130));
  assert.deepEqual(scratch.modelNames(), [BASE, SMALL]);
  await open();
  await terminal.press('\x1b');
  await terminal.untilScreen(ended(130));
});

test('a pasted text is typed as it is, and repaints the picker only a few times', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  await open();
  const record = join(scratch.path, 'record');
  await terminal.record(record);
  await terminal.press(`\x1b[200~tur\u202e\x85bo\r\n\t\x04\x1b[Bq8\x1b[201~`);
  await terminal.untilScreen(/Which models\? turbo {3}q8 .*1 of 44/);
  await terminal.press('\x15');
  await terminal.untilScreen(/type to filter/);
  await terminal.press(`\x1b[200~${'x'.repeat(5000)}\x1b[201~`);
  await terminal.untilScreen(/Which models\? x+ +0 of 44/);
  await terminal.press('\x15tiny\r');
  await terminal.untilScreen(ended(0));
  assert.ok(scratch.modelNames().includes(TINY));
  const frames = readFileSync(record, 'latin1').split('Which models?').length;
  assert.ok(frames < 500, `${frames} frames`);
});

test('Enter refuses models that do not fit', needsTmux, async (t) => {
  const { terminal, open, scratch } = await picking(t);
  const before = scratch.read(scratch.registry);
  await open();
  await terminal.press('huge');
  await terminal.untilScreen(/disk {6}does not fit: \d+ TB short\n/);
  await terminal.press('\r');
  await terminal.untilScreen(/Cannot download: does not fit: \d+ TB short\n/);
  await terminal.press(' no');
  await terminal.untilScreen(/no model matches/);
  await terminal.press('\r');
  await terminal.untilScreen(/Cannot download: no model matches\n/);
  await terminal.press('\x03');
  await terminal.untilScreen(ended(130));
  assert.equal(scratch.read(scratch.registry), before);
});
