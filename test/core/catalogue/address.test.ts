import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, hubFileOf, isHubAddress, originOfUrl, readShortForm } from '../../../src/core/catalogue/address.ts';

const COMMIT = '5359861c739e955e79d9a303bcbc70fb988958b1';
const HUB = 'https://huggingface.co';
const file = { repo: 'ada/lectures', revision: 'main', path: 'ggml-model.bin' };

test('an address of the hub means the file, in whatever form a browser shows it', () => {
  const rows: readonly (readonly [string, object])[] = [
    ['ada/lectures/resolve/main/ggml-model.bin', file],
    ['ada/lectures/blob/main/ggml-model.bin', file],
    ['ada/lectures/raw/main/ggml-model.bin', file],
    ['ada/lectures/resolve/main/ggml-model.bin?download=true', file],
    ['ada/lectures/blob/main/ggml-model.bin#L1', file],
    [`ada/lectures/resolve/${COMMIT}/a/b/c.bin`, { ...file, revision: COMMIT, path: 'a/b/c.bin' }],
    ['ada/lectures/resolve/refs%2Fpr%2F1/ggml-model.bin', { ...file, revision: 'refs/pr/1' }],
    ['ada/lectures/resolve/refs/pr/1/ggml-model.bin', { ...file, revision: 'refs/pr/1' }],
    ['ada/lectures/resolve/refs/convert/parquet/x.bin', { ...file, revision: 'refs/convert/parquet', path: 'x.bin' }],
    ['ada/lectures/resolve/main/my%20model%20%251.bin', { ...file, path: 'my model %1.bin' }],
    ['ada/lectures/resolve/main/resolve/x.bin', { ...file, path: 'resolve/x.bin' }],
    ['gpt2/resolve/main/x.bin', { repo: 'gpt2', revision: 'main', path: 'x.bin' }],
  ];
  for (const [path, expected] of rows) {
    assert.deepEqual(hubFileOf(new URL(`${HUB}/${path}`)), expected, path);
    assert.deepEqual(originOfUrl(new URL(`${HUB}/${path}`)), expected, path);
  }
  for (const host of ['www.huggingface.co', 'hf.co', 'HuggingFace.co'])
    assert.deepEqual(hubFileOf(new URL(`https://${host}/ada/lectures/blob/main/ggml-model.bin`)), file, host);
});

test('any other address means itself, without its fragment', () => {
  const others = [
    'https://models.example/ada/lectures/resolve/main/ggml-model.bin',
    'http://huggingface.co/ada/lectures/resolve/main/ggml-model.bin',
    'https://huggingface.co.example/ada/lectures/resolve/main/ggml-model.bin',
    'https://huggingface.co:444/ada/lectures/resolve/main/ggml-model.bin',
    `${HUB}/ada/lectures`,
    `${HUB}/ada/lectures/tree/main`,
    `${HUB}/ada/lectures/resolve/main`,
    `${HUB}/ada/lectures/resolve/main/`,
    `${HUB}/datasets/ada/lectures/resolve/main/x.bin`,
    `${HUB}/ada/lectures/resolve/main/a//b.bin`,
    `${HUB}/ada/lectures/resolve/main/%2e%2e%2fx.bin`,
    `${HUB}/ada/lectures/resolve/main/a%00.bin`,
    `${HUB}/ada/lectures/resolve/main/%E0%A4%A.bin`,
    `${HUB}/resolve/main/x.bin`,
  ];
  for (const url of others) {
    assert.equal(hubFileOf(new URL(url)), undefined, url);
    assert.deepEqual(originOfUrl(new URL(url)), { url }, url);
  }
  assert.deepEqual(originOfUrl(new URL('https://models.example/x.bin?key=1#part')), {
    url: 'https://models.example/x.bin?key=1',
  });
});

test('an address of the mirror that is set up means a file of the hub, and that of another port does not', () => {
  const path = 'ada/lectures/resolve/main/ggml-model.bin';
  for (const base of [
    'http://127.0.0.1:8080',
    'http://127.0.0.1:8080/',
    'https://mirror.example/hf',
    'https://m.example/hf/',
  ]) {
    const endpoint = new URL(base);
    const address = new URL(`${base.replace(/\/$/, '')}/${path}`);
    assert.deepEqual(hubFileOf(address, endpoint), file, base);
    assert.equal(hubFileOf(address), undefined, base);
    address.port = '1234';
    assert.equal(hubFileOf(address, endpoint), undefined, base);
  }
  assert.equal(hubFileOf(new URL(`https://mirror.example/${path}`), new URL('https://mirror.example/hf')), undefined);
  assert.deepEqual(hubFileOf(new URL(`${HUB}/${path}`), new URL('https://mirror.example')), file);
});

test('the short form is owner, repository and path, and a revision behind an @', () => {
  assert.deepEqual(readShortForm('ada/lectures/ggml-model.bin'), file);
  assert.deepEqual(readShortForm('ada/lectures/a/b.bin@v1'), { ...file, path: 'a/b.bin', revision: 'v1' });
  assert.deepEqual(readShortForm('ada/lectures/a@b.bin@refs/pr/1'), {
    ...file,
    path: 'a@b.bin',
    revision: 'refs/pr/1',
  });
  for (const other of ['ada/lectures', 'ada', '', '/a/b/c', 'a//c', 'ada/lectures/', 'a/b/../c', 'a b/c/d', 'a/b/c?x'])
    assert.equal(readShortForm(other), undefined, other);
});

test('the address of an origin is read back as that origin', () => {
  const origins = [
    file,
    { repo: 'ada/lectures', revision: 'refs/pr/1', path: 'a b/#1?.bin'.replace(/[?#]/g, '%') },
    { repo: 'gpt2', revision: COMMIT, path: 'x@y.bin' },
    { url: 'https://models.example/a.bin?b=c' },
  ];
  for (const origin of origins)
    assert.deepEqual(originOfUrl(new URL(addressOf(origin, 'ggml-x.bin'))), origin, JSON.stringify(origin));
  assert.equal(addressOf({ repo: 'a/b', revision: 'main' }, 'ggml-x.bin'), `${HUB}/a/b/resolve/main/ggml-x.bin`);
});

test('addresses of the hub are those of its hosts', () => {
  const endpoint = new URL('https://mirror.example');
  assert.equal(isHubAddress(new URL(`${HUB}/ada/lectures`), endpoint), true);
  assert.equal(isHubAddress(new URL('https://mirror.example/ada'), endpoint), false);
  assert.equal(isHubAddress(new URL('https://models.example/ada'), endpoint), false);
});
