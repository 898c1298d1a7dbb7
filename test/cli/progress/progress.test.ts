import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TerminalBlock } from '../../../src/adapters/terminal/block.ts';
import { openProgress } from '../../../src/cli/progress/open-progress.ts';
import type { Progress } from '../../../src/cli/progress/progress.ts';

const BASE = 'ggml-base.en.bin';
const TINY = 'ggml-tiny.en.bin';

/** A clock that a test moves on; it then runs what is due. */
class FakeClock {
  time = 0;
  readonly #works = new Set<{ readonly interval: number; due: number; readonly work: () => void }>();

  readonly now = (): number => this.time;

  readonly every = (interval: number, work: () => void): (() => void) => {
    const each = { interval, due: this.time + interval, work };
    this.#works.add(each);
    return () => void this.#works.delete(each);
  };

  get isTicking(): boolean {
    return this.#works.size > 0;
  }

  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (; this.time < end; this.time += 1)
      for (const each of [...this.#works].filter(({ due }) => due <= this.time)) {
        each.due += each.interval;
        each.work();
      }
  }
}

interface Shown {
  readonly clock: FakeClock;
  readonly progress: Progress;
  /** What was written, a write each. */
  readonly writes: string[];
}

function shown(isTerminal: boolean): Shown {
  const clock = new FakeClock();
  const writes: string[] = [];
  const stderr = { write: (text: string) => writes.push(text), columns: 80, rows: 24 };
  const block = isTerminal ? new TerminalBlock(stderr, new AbortController().signal) : undefined;
  const progress = openProgress(block, { environment: {}, stderr }, (_, text) => text, clock);
  return { clock, progress, writes };
}

test('there is a picture at once, and then ten a second, whatever comes', () => {
  const { clock, progress, writes } = shown(true);
  progress.begin([{ name: BASE, size: 1e9 }]);
  const pictures = (): number => writes.length;
  assert.equal(pictures(), 0);
  progress.step({ name: BASE, received: 0, size: 1e9, connections: 1 });
  assert.equal(pictures(), 1);
  for (let step = 1; step <= 3000; step += 1) {
    clock.pass(1);
    for (let more = 0; more < 5; more += 1) progress.step({ name: BASE, received: step * 1000, size: 1e9 });
  }
  assert.ok(pictures() >= 29 && pictures() <= 31, `${pictures()} pictures in 3 s`);
  assert.match(writes.at(-1) ?? '', /base\.en .* 0 % .* MB of 1\.0 GB .*1\.0 MB\/s/);
  progress.end([BASE]);
  assert.match(writes.at(-1) ?? '', /\x1b\[J.*\x1b\[\?25h/);
});

test('nothing ticks before there is something to show, nor afterwards', () => {
  for (const isTerminal of [true, false]) {
    const { clock, progress, writes } = shown(isTerminal);
    progress.waiting(1000);
    progress.step({ name: BASE, received: 1, size: 4000 });
    assert.ok(!clock.isTicking);
    progress.begin([
      { name: BASE, size: 4000 },
      { name: TINY, size: 4000 },
    ]);
    progress.step({ name: BASE, received: 1, size: 4000 });
    assert.ok(clock.isTicking);
    progress.end([BASE]);
    assert.ok(clock.isTicking);
    progress.end([TINY]);
    assert.ok(!clock.isTicking);
    const before = writes.length;
    clock.pass(60_000);
    assert.equal(writes.length, before);
  }
});

test('a log gets a line every ten seconds for all together, and none of what is over sooner', () => {
  const { clock, progress, writes } = shown(false);
  progress.begin([{ name: BASE, size: 100e6 }]);
  progress.step({ name: BASE, received: 0, size: 100e6 });
  clock.pass(9990);
  progress.end([BASE]);
  assert.deepEqual(writes, []);
  progress.begin([
    { name: BASE, size: 100e6 },
    { name: TINY, size: 100e6 },
  ]);
  for (let second = 0; second <= 31; second += 1) {
    progress.step({ name: BASE, received: second * 1e6, size: 100e6 });
    progress.step({ name: TINY, received: second * 1e6, size: 100e6 });
    clock.pass(1000);
  }
  progress.end([BASE, TINY]);
  assert.equal(writes.length, 3);
  for (const [index, facts] of ['10 %, 20.0 MB', '20 %, 40.0 MB', '30 %, 60.0 MB'].entries())
    assert.match(
      writes[index] ?? '',
      new RegExp(`^2 models: ${facts} of 200 MB, 2\\.0 MB/s, ${9 - index}[01] s left\n$`),
    );
});
