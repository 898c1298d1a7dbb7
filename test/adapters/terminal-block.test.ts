import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { TerminalBlock } from '../../src/adapters/terminal/block.ts';

const MODULE = pathToFileURL(join(import.meta.dirname, '../../src/adapters/terminal/block.js')).href;
const MARKS = { begin: '<begin>', now: '<42>', end: '<end>' };

interface Painted {
  readonly block: TerminalBlock;
  readonly ending: AbortController;
  /** What was written since the last call. */
  readonly written: () => string;
}

function painted(rows = 24, isOthers = (): boolean => false): Painted {
  const ending = new AbortController();
  let text = '';
  const block = new TerminalBlock({ write: (more) => (text += more), columns: 80, rows }, ending.signal, isOthers);
  return {
    block,
    ending,
    written: () => {
      const now = text;
      text = '';
      return now;
    },
  };
}

test('the cursor is hidden while the block is shown and restored with its last line', () => {
  const { block, written } = painted();
  block.show('progress', ['one', 'two']);
  assert.equal(written(), '\x1b[?25l\x1b[?7l\rone\x1b[K\r\ntwo\x1b[K\x1b[J\x1b[?7h\r\x1b[1A');
  block.show('status', ['below']);
  assert.equal(written(), '\x1b[?7l\rone\x1b[K\r\ntwo\x1b[K\r\nbelow\x1b[K\x1b[J\x1b[?7h\r\x1b[2A');
  assert.equal(block.rows, 22);
  block.hide('progress');
  assert.equal(written(), '\x1b[?7l\rbelow\x1b[K\x1b[J\x1b[?7h\r');
  block.hide('status');
  assert.equal(written(), '\r\x1b[J\x1b[?25h');
  block.hide('status');
  assert.equal(written(), '');
});

test('other output appears above the block', () => {
  const { block, written } = painted();
  block.above(() => undefined);
  assert.equal(written(), '');
  block.show('progress', ['one']);
  written();
  const order: string[] = [];
  block.above(() => order.push(written()));
  assert.deepEqual([...order, written()], ['\r\x1b[J', '\x1b[?7l\rone\x1b[K\x1b[J\x1b[?7h\r']);
  block.hide('progress');
});

test('a block has at least one line less than the terminal', () => {
  const { block, written } = painted(3);
  block.show('progress', ['one', 'two', 'three']);
  assert.doesNotMatch(written(), /three/);
  block.hide('progress');
});

test('the terminal title is written when it changes and reset at the end', () => {
  const { block, written } = painted();
  block.show('progress', ['one'], MARKS);
  assert.match(written(), /<begin><42>/);
  block.show('progress', ['one'], MARKS);
  assert.doesNotMatch(written(), /</);
  block.show('progress', ['one'], { ...MARKS, now: '<43>' });
  assert.match(written(), /^<43>/);
  block.show('status', ['two']);
  block.hide('progress');
  assert.match(written(), /<end>/);
  block.hide('status');
  assert.doesNotMatch(written(), /</);
});

test('a signal restores the terminal at once and for good', () => {
  const { block, ending, written } = painted();
  block.show('progress', ['one'], MARKS);
  written();
  ending.abort('SIGINT');
  assert.equal(written(), '<end>\r\x1b[J\x1b[?25h');
  block.show('progress', ['one'], MARKS);
  block.above(() => undefined);
  assert.equal(written(), '');
});

test('in the background there is no block, and in the foreground it appears again', () => {
  let isOthers = true;
  const { block, written } = painted(24, () => isOthers);
  block.show('progress', ['one'], MARKS);
  block.above(() => undefined);
  assert.equal(written(), '');
  isOthers = false;
  block.show('progress', ['one'], MARKS);
  assert.match(written(), /^\x1b\[\?25l<begin><42>[^]*one/);
  isOthers = true;
  block.show('progress', ['two'], MARKS);
  assert.equal(written(), '<end>\r\x1b[J\x1b[?25h');
});

for (const [what, end] of [
  ['process.exit', 'process.exit(3)'],
  ['an exception', "throw new Error('of the test')"],
  ['nothing left to do', '0'],
] as const) {
  test(`${what} restores the terminal too`, () => {
    const script = `
      import { TerminalBlock } from '${MODULE}';
      const block = new TerminalBlock(process.stdout, new AbortController().signal);
      block.show('progress', ['one'], ${JSON.stringify(MARKS)});
      ${end};`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.match(stdout, /one[^]*<end>\r\x1b\[J\x1b\[\?25h$/);
  });
}
