import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Proxies } from '../../src/adapters/hub/proxies.ts';
import { WhisperError } from '../../src/core/errors.ts';

const PROXY = 'http://proxy.example:3128';

function proxyFor(url: string, environment: Readonly<Record<string, string>>): string | undefined {
  return new Proxies(environment).for(new URL(url))?.url.origin;
}

for (const [list, direct, proxied] of [
  ['*', ['http://a.example', 'https://[::1]:8080'], []],
  ['', [], ['http://a.example']],
  ['example.org', ['http://example.org', 'https://a.EXAMPLE.org', 'http://example.org.'], ['http://anexample.org']],
  ['.example.org', ['http://example.org', 'http://a.example.org'], ['http://example.com']],
  ['*.Example.org.', ['http://a.b.example.org'], ['http://example.net']],
  ['example.org:8080', ['http://example.org:8080'], ['http://example.org', 'http://example.org:80']],
  ['a.test:443, b.test:80', ['https://a.test', 'http://b.test'], ['http://a.test', 'https://b.test']],
  ['a.test b.test\tc.test', ['http://a.test', 'http://b.test', 'http://c.test'], ['http://d.test']],
  ['a.test, *', ['http://d.test'], []],
  ['127.0.0.1', ['http://127.0.0.1:99'], ['http://127.0.0.2', 'http://1.127.0.0.1.test']],
  ['0.0.1,.0.0.1', [], ['http://127.0.0.1']],
  ['127.0.0.1:99', ['http://127.0.0.1:99'], ['http://127.0.0.1:98']],
  ['10.0.0.0/8,192.168.1.0/24', ['http://10.1.2.3', 'http://192.168.1.9'], ['http://11.0.0.1', 'http://192.168.2.1']],
  ['::1', ['http://[::1]', 'http://[0:0::1]:80'], ['http://[::2]']],
  ['[::1]', ['http://[::1]:7'], ['http://[::2]']],
  ['[::1]:80', ['http://[::1]'], ['http://[::1]:81']],
  ['fd00::/8', ['http://[fd12::1]'], ['http://[fe80::1]', 'http://10.0.0.1']],
  ['10.0.0.0/99,10.0.0.0/x,/8,10/8,:,[]', [], ['http://10.0.0.1', 'http://a.test']],
] as const) {
  test(`NO_PROXY=${JSON.stringify(list)}`, () => {
    const environment = { HTTP_PROXY: PROXY, NO_PROXY: list };
    for (const url of direct) assert.equal(proxyFor(url, environment), undefined, url);
    for (const url of proxied) assert.equal(proxyFor(url, environment), PROXY, url);
  });
}

test('lower-case variables override upper-case ones, even empty ones', () => {
  const [url, other] = ['http://a.test', 'http://other.example:1'];
  assert.equal(proxyFor(url, { HTTP_PROXY: other, http_proxy: PROXY }), PROXY);
  assert.equal(proxyFor(url, { HTTP_PROXY: other, http_proxy: '' }), undefined);
  assert.equal(proxyFor(url, { HTTP_PROXY: PROXY, NO_PROXY: '*', no_proxy: '' }), PROXY);
});

test('HTTP_PROXY is used for https without HTTPS_PROXY, but HTTPS_PROXY never for http', () => {
  assert.equal(proxyFor('https://a.test', { HTTP_PROXY: PROXY }), PROXY);
  assert.equal(proxyFor('https://a.test', { HTTP_PROXY: 'http://other.example:1', HTTPS_PROXY: PROXY }), PROXY);
  assert.equal(proxyFor('http://a.test', { HTTPS_PROXY: PROXY }), undefined);
});

for (const [address, origin, credentials] of [
  ['proxy.example:3128', PROXY, undefined],
  [' http://proxy.example:3128/ ', PROXY, undefined],
  ['localhost:3128', 'http://localhost:3128', undefined],
  ['[::1]:3128', 'http://[::1]:3128', undefined],
  ['https://proxy.example', 'https://proxy.example', undefined],
  ['user:secret@proxy.example:3128', PROXY, 'user:secret'],
  ['http://user@proxy.example:3128', PROXY, 'user:'],
  ['http://us%40er:p%3A%2F@proxy.example:3128', PROXY, 'us@er:p:/'],
  ['http://user:100%@proxy.example:3128', PROXY, 'user:100%'],
] as const) {
  test(`${address} is a valid proxy URL`, () => {
    const proxy = new Proxies({ HTTP_PROXY: address }).for(new URL('http://a.test'));
    assert.equal(proxy?.url.href, `${origin}/`);
    const given = proxy?.authorization?.replace('Basic ', '');
    assert.equal(given && Buffer.from(given, 'base64').toString(), credentials);
  });
}

for (const address of [
  'socks5://user:secret@proxy.example',
  'ftp://secret.example',
  'http://',
  'http://secret:x:y',
  ':1',
]) {
  test(`${address} is refused as a proxy URL, without its password in the message`, () => {
    const check = (error: unknown): boolean =>
      error instanceof WhisperError && error.exitCode === 2 && !`${error.message}${error.hint}`.includes('secret');
    assert.throws(() => new Proxies({ HTTPS_PROXY: address }), check);
  });
}
