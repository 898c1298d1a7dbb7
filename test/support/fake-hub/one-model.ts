import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { ask } from './ask.ts';
import { FakeHub } from './fake-hub.ts';

export const repo = 'ggerganov/whisper.cpp';
export const path = 'ggml-tiny.bin';
export const bytes = Buffer.from('lmgg' + 'abcdefghijklmnopqrstuvwxyz'.repeat(40));
export const sha256 = createHash('sha256').update(bytes).digest('hex');
export const other = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

/** A hub with one small model, closed when the test ends. */
export async function start(t: TestContext): Promise<FakeHub> {
  const hub = await FakeHub.start();
  t.after(() => hub.close());
  hub.put({ repo, path, content: bytes });
  return hub;
}

export const fileUrl = (hub: FakeHub, revision = 'main', name = path): string =>
  `${hub.endpoint}/${repo}/resolve/${revision}/${name}`;

export async function signedUrl(hub: FakeHub): Promise<string> {
  return (await ask(fileUrl(hub))).headers.location ?? '';
}
