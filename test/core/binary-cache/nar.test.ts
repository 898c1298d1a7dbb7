import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NAR_START, NarFrame, narEnd, narSizeOf, narStart } from '../../../src/core/binary-cache/nar.ts';
import { narOf } from '../../support/binary-cache/archive.ts';

const contents = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));

test('an archive is its start, the content and its end', () => {
  fc.assert(
    fc.property(contents, (content) => {
      const nar = Buffer.concat([narStart(content.length), content, narEnd(content.length)]);
      assert.deepEqual(nar, narOf(content));
      assert.deepEqual([narSizeOf(content.length), narStart(content.length).length], [nar.length, NAR_START]);
    }),
  );
});

test('the content is found in an archive that arrives in any chunks', () => {
  fc.assert(
    fc.property(contents, fc.array(fc.nat(80), { maxLength: 6 }), (content, lengths) => {
      const nar = narOf(content);
      const frame = new NarFrame(content.length);
      const parts: Buffer[] = [];
      for (let at = 0; at < nar.length;) {
        const part = nar.subarray(at, at + (lengths.shift() ?? nar.length) + 1);
        assert.ok(frame.fits(part, at));
        const { start, end } = frame.content(part, at);
        parts.push(part.subarray(start, end));
        at += part.length;
      }
      assert.deepEqual(Buffer.concat(parts), content);
    }),
  );
});

test('a wrong byte outside of the content is detected in the chunk that has it', () => {
  fc.assert(
    fc.property(contents, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (content, where, cut, change) => {
      const nar = narOf(content);
      const index = where % nar.length;
      nar[index] = (nar[index] ?? 0) ^ change;
      const isContent = index >= NAR_START && index < NAR_START + content.length;
      const frame = new NarFrame(content.length);
      const middle = cut % nar.length;
      for (const [start, end] of [
        [0, middle],
        [middle, nar.length],
      ] as const) {
        const isIn = index >= start && index < end;
        assert.equal(frame.fits(nar.subarray(start, end), start), isContent || !isIn);
      }
    }),
  );
});

test('an archive with trailing data is detected', () => {
  const nar = Buffer.concat([narOf(Buffer.from('model')), Buffer.alloc(1)]);
  assert.ok(!new NarFrame(5).fits(nar, 0));
});
