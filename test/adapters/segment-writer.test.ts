import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { SegmentWriter } from '../../src/adapters/hub/segment-writer.ts';
import { PartialFile } from '../../src/adapters/store/partial-file.ts';
import { Scratch } from '../support/scratch.ts';

test('an empty chunk between two others does not change the checksum', async (t) => {
  const scratch = Scratch.create(t);
  const partial = await PartialFile.open(join(scratch.models, 'ggml-x.bin.part'), {
    repo: 'example/models',
    revision: 'main',
    size: 8,
  });
  const writer = new SegmentWriter(partial, 0, { blockSize: 1024, hasCrc: true });
  // As undici hands it over where it resumes a body of which nothing has arrived in the meantime.
  for (const chunk of [Buffer.from('lmgg'), Buffer.from(new ArrayBuffer(0)), Buffer.from('rest')])
    void writer.push(chunk);
  await writer.flush();
  assert.deepEqual([partial.received, partial.damaged()], [8, []]);
  await partial.discard();
});
