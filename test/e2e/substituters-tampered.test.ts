import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { archive, narOf, type ArchiveOptions } from '../support/binary-cache/archive.ts';
import { FakeCache } from '../support/binary-cache/fake-cache.ts';
import { hubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';

const BASE = 'ggml-base.en.bin';
const SIZE = 9001;
const model = sampleModel(BASE, SIZE);
const other = Buffer.from(model.content).fill(7, 5000, 5001);
const OTHER_HASH = 'sha256:0000000000000000000000000000000000000000000000000000';

/** Replaces the value of a field; `undefined` takes the line away. */
const field =
  (name: string, value: string | undefined) =>
  (text: string): string =>
    text.replace(new RegExp(`^${name}: .*\\n`, 'm'), value === undefined ? '' : `${name}: ${value}\n`);
const both =
  (...changes: readonly ((text: string) => string)[]) =>
  (text: string): string =>
    changes.reduce((changed, change) => change(changed), text);

const narInfos: readonly (readonly [string, (text: string) => string])[] = [
  ['another store path', field('StorePath', `/nix/store/${'0'.repeat(32)}-${BASE}`)],
  ['no store path', field('StorePath', undefined)],
  ['another content address', field('CA', `fixed:${OTHER_HASH}`)],
  ['a content address of another kind', field('CA', 'text:sha256:0')],
  ['another size', field('NarSize', '4242')],
  ['no size', field('NarSize', undefined)],
  ['another hash of the archive', both(field('NarHash', OTHER_HASH), field('FileHash', OTHER_HASH))],
  ['another hash of the archive alone', field('NarHash', OTHER_HASH)],
  ['another hash of the file', field('FileHash', OTHER_HASH)],
  ['a hash of no form', field('NarHash', 'md5:0')],
  ['no hash', field('NarHash', undefined)],
  ['another size of the file', field('FileSize', '17')],
  ['a size of the file that cannot be counted', field('FileSize', '99999999999999999999')],
  ['a negative size of the file', field('FileSize', '-1')],
  ['references', field('References', `${'0'.repeat(32)}-glibc`)],
  ['no archive', field('URL', undefined)],
  ['a field twice', (text) => `${text}NarSize: 1\n`],
  ['half of itself', (text) => text.slice(0, text.indexOf('NarHash') + 4)],
  ['something else', () => 'hello\n'],
  ['nothing', () => ''],
];

const archives: readonly (readonly [string, ArchiveOptions])[] = [
  ['other bytes', { content: other }],
  ['other bytes under the right hash of the archive', { content: other, change: narHashOf(model.content) }],
  ['a longer file', { content: Buffer.concat([model.content, Buffer.alloc(8)]) }],
  ['no model', { content: Buffer.alloc(SIZE, 'x') }],
];

for (const packing of ['none', 'gzip'] as const) {
  for (const [what, change] of narInfos) {
    test(`a narinfo with ${what} is refused: ${packing}`, async (t) => {
      // The hash of a packed file is its own; its size too.
      await refuses(t, { packing, change }, what.startsWith('another size of the file') && packing === 'gzip');
    });
  }
  for (const [what, options] of archives)
    test(`an archive with ${what} is refused: ${packing}`, async (t) => refuses(t, { packing, ...options }, true));
}

test('an archive with bytes around the file, or of a program, is refused', async (t) => {
  const { narPath, nar } = archive(model);
  const program = Buffer.from(nar.toString('latin1').replace('regular', 'symlink'), 'latin1');
  for (const bytes of [program, Buffer.concat([nar, Buffer.alloc(16)]), nar.subarray(0, nar.length - 16)])
    await refuses(t, {}, true, (cache) => cache.files.set(narPath, bytes));
});

test('a packed archive that cannot be unpacked, or ends too early, is refused', async (t) => {
  const { narPath, nar } = archive(model, { packing: 'gzip' });
  for (const bytes of [Buffer.from(nar).fill(0, 10), nar.subarray(0, nar.length - 20)])
    await refuses(t, { packing: 'gzip' }, true, (cache) => cache.files.set(narPath, bytes));
});

test('a path in a narinfo does not lead out of a cache in a folder', async (t) => {
  const { scratch, run } = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const cache = await FakeCache.start(t);
  scratch.write('elsewhere/x.nar', narOf(model.content));
  for (const url of ['../elsewhere/x.nar', '..%2felsewhere/x.nar', `file://${scratch.path}/elsewhere/x.nar`]) {
    cache.put(model, { change: field('URL', url) });
    const env = { WHISPER_SUBSTITUTERS: cache.writeTo(join(scratch.path, 'cache')), HF_HUB_OFFLINE: '1' };
    const ran = await run(['sync', '--json'], { env });
    assert.deepEqual([ran.code, JSON.parse(ran.stdout).error.code], [4, 'hub-offline']);
    assert.match(ran.stderr, /cannot be read/);
  }
});

/** Makes a cache that is not what it should be, over HTTP and in a folder, and asserts that nothing comes of it. */
async function refuses(
  t: Parameters<typeof hubProject>[0],
  options: ArchiveOptions,
  isArchive: boolean,
  change: (cache: FakeCache) => void = () => {},
): Promise<void> {
  const { scratch, run, hub } = await hubProject(t, { [BASE]: SIZE }, [BASE]);
  const cache = await FakeCache.start(t);
  cache.put(model, options);
  change(cache);
  for (const address of [cache.url, cache.writeTo(join(scratch.path, 'cache'))]) {
    const ran = await run(['sync', '--json'], { env: { WHISPER_SUBSTITUTERS: address } });
    const { error } = JSON.parse(ran.stdout);
    assert.equal(ran.code, 5, ran.stdout + ran.stderr);
    assert.ok(error.code === 'bad-narinfo' || (isArchive && error.code === 'wrong-bytes'), ran.stdout);
    assert.match(error.hint, /WHISPER_SUBSTITUTERS/);
    assert.deepEqual(scratch.modelNames(), []);
    assert.deepEqual(hub.requests, []);
    assert.ok(!existsSync(join(scratch.models, '.whisper', 'records', `${BASE}.json`)));
  }
}

/** Has a narinfo say that its archive is that of these bytes. */
function narHashOf(content: Buffer): (text: string) => string {
  const { narInfo } = archive({ content, entry: model.entry });
  const valueOf = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(narInfo)?.[1] ?? assert.fail();
  return both(field('NarHash', valueOf('NarHash')), (text) =>
    text.includes('Compression: none') ? field('FileHash', valueOf('NarHash'))(text) : text,
  );
}
