import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressLine } from '../../src/cli/progress.ts';

test('progress: one model by its name, several by their number and together, never wider than the terminal', () => {
  let written = '';
  const line = new ProgressLine({ write: (text: string) => (written = text), columns: 60 });
  line.update('ggml-base.en.bin', 1e6, 4e6, 0);
  assert.match(written, /^\rbase\.en {2}\[#{5} {15}\] {2}25 % {2}1\.0 MB of 4\.0 MB/);
  written = '';
  line.update('ggml-base.en.bin', 2e6, 4e6, 50);
  assert.equal(written, '', 'at most ten times a second');
  line.update('ggml-tiny.en.bin', 1e6, 4e6, 1000);
  assert.match(written, /^\r2 models {2}\[#{8} {12}\] {2}37 % {2}3\.0 MB of 8\.0 MB/);
  assert.ok(written.replace(/^\r|\x1b\[K$/g, '').length < 60);
  line.clear();
  assert.equal(written, '\r\x1b[K');
});

test('progress: the last picture shows that all has arrived, however soon it comes', () => {
  let written = '';
  const line = new ProgressLine({ write: (text: string) => (written = text), columns: 60 });
  line.update('ggml-tiny.en.bin', 0, 4000, 0);
  line.update('ggml-tiny.en.bin', 4000, 4000, 1);
  assert.match(written, /^\rtiny\.en {2}\[#{20}\] 100 % {2}4\.0 kB of 4\.0 kB/);
});
