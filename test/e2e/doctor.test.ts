import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';

interface Check {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly hint: string | null;
}

const OFFLINE = { HF_HUB_OFFLINE: '1' };

async function doctor(scratch: Scratch, env: Readonly<Record<string, string>> = OFFLINE): Promise<readonly Check[]> {
  const { stdout } = await scratch.run(['doctor', '--json'], { env });
  return (JSON.parse(stdout) as { readonly checks: readonly Check[] }).checks;
}

test('doctor finds no problem in a correct setup, and changes nothing', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-tiny.bin']);
  const before = scratch.snapshot();
  const ran = await scratch.run(['doctor'], { env: OFFLINE });
  assert.equal(ran.code, 0);
  assert.match(ran.stdout, /✓ registry .*: 1 active, read from the text\n[^]*Everything works\n$/);
  assert.deepEqual(scratch.snapshot(), before);
});

test('doctor reports where a registry is broken, and continues', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry('{ activeModels = [ "a", "b" ]; }\n');
  const ran = await scratch.run(['doctor'], { env: OFFLINE });
  assert.equal(ran.code, 3);
  const registry = (await doctor(scratch)).find(({ name }) => name === 'registry');
  assert.equal(registry?.status, 'error');
  assert.match(registry.message, /whisper-manager\.nix:1:23: /);
  assert.ok(registry.hint);
});

test('doctor reports a list that no output has, a hub that does not answer, and a missing Nix that is needed', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry('let activeModels = [ "ggml-tiny.bin" ]; in { }\n');
  const checks = await doctor(scratch, { HF_ENDPOINT: 'http://127.0.0.1:9', PATH: scratch.path });
  const found = (name: string): Check | undefined => checks.find((check) => check.name === name);
  assert.match(found('registry')?.hint ?? '', /inherit activeModels;/);
  assert.deepEqual([found('nix')?.status, found('hub')?.status], ['ok', 'warning']);
  assert.match(found('nix')?.message ?? '', /not on PATH; this list can be read without it/);
  scratch.writeRegistry('{ activeModels = map (n: n) [ "ggml-tiny.bin" ]; }\n');
  const computed = await doctor(scratch, { ...OFFLINE, PATH: scratch.path });
  assert.equal(computed.find(({ name }) => name === 'nix')?.status, 'warning');
});

test('doctor reports a hub that never finishes the TLS handshake', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-tiny.bin']);
  const server = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const hub = (await doctor(scratch, { HF_ENDPOINT: `https://127.0.0.1:${port}` })).find(({ name }) => name === 'hub');
  assert.equal(hub?.status, 'warning');
  assert.match(hub.message, new RegExp(`127\\.0\\.0\\.1:${port}`));
});

test('doctor reports the version of Nix, and that flakes need the program nix', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(['ggml-tiny.bin']);
  const instantiate = scratch.write('bin/nix-instantiate', '#!/bin/sh\necho "nix-instantiate (Nix) 2.34.8+1"\n', 0o755);
  const messageOf = async (): Promise<string | undefined> =>
    (await doctor(scratch, { ...OFFLINE, PATH: `${scratch.path}/bin` })).find(({ name }) => name === 'nix')?.message;
  assert.equal(await messageOf(), `${instantiate}: Nix 2.34.8+1; flakes cannot be evaluated: nix is not on PATH`);
  scratch.write('bin/nix', '#!/bin/sh\n', 0o755);
  assert.equal(await messageOf(), `${instantiate}: Nix 2.34.8+1`);
  scratch.write('bin/nix-instantiate', '#!/bin/sh\nexit 1\n', 0o755);
  assert.equal(await messageOf(), `${instantiate}: unknown version`);
});
