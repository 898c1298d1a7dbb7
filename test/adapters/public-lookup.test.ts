import assert from 'node:assert/strict';
import { lookup, type LookupAddress } from 'node:dns';
import { test } from 'node:test';
import { isPrivate, privateHostOf, PrivateAddress, publicLookup } from '../../src/adapters/hub/public-lookup.ts';

const PRIVATE = `
  0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.0.1
  169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.168.0.1 192.168.255.255 198.18.0.1 198.19.255.255
  224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
  :: ::1 ::2 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 0:0:0:0:0:ffff:7f00:1
  ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::7f00:1 64:FF9B::7F00:1 64:ff9b::10.1.2.3 64:ff9b:0:0:0:0:a9fe:a9fe
  64:ff9b:: 64:ff9b::1 64:ff9b::a00:0 64:ff9b:1::8.8.8.8 64:ff9b:1:2::1 100::1 1fff::1 2001::1 2001:0:7f00:1::1
  2001:1ff::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1
  fe80::1%eth0 fe80::1%lo febf::1 fec0::1 ff02::1 ff0e::1
`;
const PUBLIC = `
  1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.255.255
  169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
  2000::1 2001:200::1 2001:4860:4860::8888 2003::1 2600:9000:2000::1 2606:4700:4700::1111 2a00:1450::1 3ffe::1
  64:ff9b::8.8.8.8 64:ff9b::808:808 64:ff9b:0:0:0:0:101:101
`;
const list = (text: string): readonly string[] => text.trim().split(/\s+/);

test('addresses of this machine and of private networks are recognized in all of their forms', () => {
  for (const address of list(PRIVATE)) assert.equal(isPrivate(address), true, address);
  for (const address of list(PUBLIC)) assert.equal(isPrivate(address), false, address);
});

test('a URL that names this machine or a private network is recognized without a lookup', () => {
  const hosts = `
    localhost LOCALHOST localhost. a.localhost a.b.localhost. 127.0.0.1 127.1 0x7f.1 2130706433 0177.0.0.1 127.0.0.1.
    0 10.1 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:0:0:1] [64:ff9b::127.0.0.1] [fd00::1] 169.254.169.254
    intranet printer. nas.local metadata.google.internal router.home.arpa １２７.０.０.１
  `;
  for (const host of list(hosts)) assert.ok(privateHostOf(new URL(`https://${host}:8080/ggml-x.bin`)), host);
  const elsewhere = `
    models.example localhost.example notlocalhost.org internal.example local.org 8.8.8.8 [2606:4700::1] [64:ff9b::808:808]
    127.0.0.1.example a.b.c
  `;
  for (const host of list(elsewhere)) assert.equal(privateHostOf(new URL(`https://${host}/`)), undefined, host);
  assert.equal(privateHostOf(new URL('https://[::1]:80/')), '::1');
  assert.equal(privateHostOf(new URL('https://0x7f.1/')), '127.0.0.1');
});

type Looked = { readonly error: Error | null; readonly found: string | LookupAddress[] };

function look(host: string, allowed: readonly string[], all: boolean): Promise<Looked> {
  return new Promise((resolve) =>
    publicLookup(new Set(allowed))(host, { all }, (error, found) => resolve({ error, found })),
  );
}

test('a host is not connected to if any of its addresses is private, unless the user named it', async () => {
  for (const all of [true, false]) {
    const { error } = await look('localhost', [], all);
    assert.ok(error instanceof PrivateAddress, String(error));
    assert.match(error.address, /^(127\.0\.0\.1|::1)$/);
    const { error: none, found } = await look('localhost', ['localhost'], all);
    assert.equal(none, null);
    const expected = await new Promise<LookupAddress[]>((done, fail) =>
      lookup('localhost', { all: true }, (failed, addresses) => (failed ? fail(failed) : done(addresses))),
    );
    assert.deepEqual(found, all ? expected : expected[0]?.address);
    const other = await look('localhost', ['models.example'], all);
    assert.ok(other.error instanceof PrivateAddress);
  }
});

test('a host with only public addresses is connected to at these', async () => {
  for (const address of ['8.8.8.8', '2606:4700:4700::1111']) {
    const { error, found } = await look(address, [], true);
    assert.equal(error, null);
    assert.deepEqual(found, [{ address, family: address.includes(':') ? 6 : 4 }]);
    assert.equal((await look(address, [], false)).found, address);
  }
});

test('a host that cannot be resolved keeps its error', async () => {
  const { error } = await look('models.invalid..', [], true);
  assert.ok(error !== null && !(error instanceof PrivateAddress), String(error));
});
