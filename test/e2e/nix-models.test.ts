import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FakeHub } from '../support/fake-hub/fake-hub.ts';
import { sampleModel } from '../support/models.ts';
import { NixFlake } from '../support/nix-flake.ts';
import { needsNix } from '../support/nix.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en-q5_1.bin';
const models = [sampleModel(TINY, 5000), sampleModel(BASE, 70_000)];

interface Setting {
  readonly nix: NixFlake;
  readonly hub: FakeHub;
  /** The variables with which Nix asks that hub. */
  readonly env: Readonly<Record<string, string>>;
}

/** A flake whose list is these two small models, all or some pinned, on a hub of this machine. */
async function setUp(t: TestContext, pinned: readonly string[] | undefined = [TINY, BASE]): Promise<Setting> {
  const nix = NixFlake.create(t);
  const hub = await FakeHub.start();
  t.after(() => hub.close());
  const pins = models.map(({ content, entry: { sha256, ...entry } }) => {
    hub.put({ repo: entry.repo, path: entry.file, revision: entry.revision, content });
    return { ...entry, sha256: `sha256-${Buffer.from(sha256, 'hex').toString('base64')}` };
  });
  const registry = nix
    .read('nix/whisper-manager.nix')
    .replace(/activeModels = \[[^\]]*\]/, `activeModels = [ "${TINY}" "${BASE}" ]`);
  nix.scratch.write('whisper/nix/whisper-manager.nix', registry);
  const lock = { version: 1, models: pins.filter(({ file }) => pinned?.includes(file)) };
  nix.scratch.write('whisper/nix/whisper-models.lock.json', JSON.stringify(lock));
  return { nix, hub, env: { HF_ENDPOINT: `${hub.endpoint}/` } };
}

/** A web server that gives the files of a folder, and its address. */
async function serve(t: TestContext, folder: string): Promise<string> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, request.url ?? '')));
    } catch {
      response.writeHead(404).end();
    }
  });
  t.after(() => server.close());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('nix build .#models builds a folder of the active models from a hub', needsNix, async (t) => {
  const { nix, hub, env } = await setUp(t);
  const folder = await nix.build('--impure .#models', { env });
  assert.deepEqual(readdirSync(folder), [BASE, TINY]);
  for (const { content, entry } of models) assert.deepEqual(readFileSync(join(folder, entry.file)), content);
  const listed = JSON.parse(await nix.out(`nix run . -- list --json --models-dir ${folder}`)) as {
    models: { name: string; downloaded: boolean }[];
  };
  assert.deepEqual(
    listed.models.map(({ name, downloaded }) => [name, downloaded]),
    [
      [TINY, true],
      [BASE, true],
    ],
  );
  const asked = hub.requests.length;
  await nix.build('--impure .#models', { env });
  assert.equal(hub.requests.length, asked, 'what is in the store is not fetched again');
});

test('the store path of a model depends on its name and hash only', needsNix, async (t) => {
  const { nix, env } = await setUp(t);
  const path = `nix-instantiate --eval --json -E '(import ./nix/models.nix { pkgs = { }; }).models."${TINY}".outPath'`;
  const { sha256 } = models[0]?.entry ?? { sha256: '' };
  const fixed = (
    await nix.out(`nix-store --print-fixed-path sha256 $(nix-hash --type sha256 --to-base32 ${sha256}) ${TINY}`)
  ).trim();
  assert.equal(JSON.parse(await nix.out(path)), fixed);
  assert.equal(JSON.parse(await nix.out(path, { env })), fixed);
  const built = await nix.out(
    `nix-build --no-out-link -E '(import ./nix/models.nix { pkgs = { }; }).models."${TINY}"'`,
    { env },
  );
  assert.equal(built.trim(), fixed);
  assert.match(
    await nix.out(`nix eval --raw --impure --expr '(import ./nix/models.nix { pkgs = { }; }).models."${TINY}".url'`),
    /^https:\/\/huggingface\.co\/example\/models\/resolve\/[0-9a-f]{40}\/ggml-tiny\.en\.bin$/,
  );
});

test(
  'a list of short names builds the same folder, also where a model is listed in both spellings',
  needsNix,
  async (t) => {
    const { nix, env } = await setUp(t);
    const whole = await nix.build('--impure .#models', { env });
    const text = nix.read('nix/whisper-manager.nix');
    const short = text.replace(`[ "${TINY}" "${BASE}" ]`, `[ "tiny.en" "base.en-q5_1" "${BASE}" ]`);
    assert.notEqual(short, text);
    nix.scratch.write('whisper/nix/whisper-manager.nix', short);
    const folder = await nix.build('--impure .#models', { env });
    assert.deepEqual([folder, readdirSync(folder)], [whole, [BASE, TINY]]);
    const { active } = (JSON.parse(await nix.out('nix run . -- list --json')) as { registry: { active: string[] } })
      .registry;
    assert.deepEqual(active, [TINY, BASE, BASE]);
    nix.scratch.write('whisper/nix/whisper-manager.nix', short.replace('"tiny.en"', '"git"'));
    assert.match(
      (await nix.sh('nix build --impure .#models', { env })).stderr,
      /error: ggml-git\.bin is active but not pinned in whisper-models\.lock\.json: run `whisper lock`/,
    );
  },
);

test('wrong bytes do not become a store path', needsNix, async (t) => {
  const { nix, hub, env } = await setUp(t);
  const { entry } = sampleModel(BASE);
  hub.put({ repo: entry.repo, path: BASE, revision: entry.revision, content: Buffer.from('lmgg, but another') });
  const { code, stderr } = await nix.sh('nix build --impure .#models', { env });
  assert.notEqual(code, 0);
  assert.match(stderr, /hash mismatch in fixed-output derivation '.*-ggml-base\.en-q5_1\.bin\.drv'/);
});

test('a model that neither the lock file nor the catalogue pins is named with the next step', needsNix, async (t) => {
  const { nix, env } = await setUp(t, [TINY]);
  const registry = nix.read('nix/whisper-manager.nix');
  nix.scratch.write('whisper/nix/whisper-manager.nix', registry.replace(`"${BASE}"`, '"ggml-mine.bin"'));
  const refused = async (): Promise<void> => {
    const { code, stderr } = await nix.sh('nix build --impure .#models', { env });
    assert.notEqual(code, 0);
    assert.match(
      stderr,
      /error: ggml-mine\.bin is active but not pinned in whisper-models\.lock\.json: run `whisper lock`/,
    );
  };
  await refused();
  rmSync(join(nix.path, 'nix/whisper-models.lock.json'));
  await refused();
});

test('a cache gives a model to another machine, without keys and with the hub closed', needsNix, async (t) => {
  const { nix, hub, env } = await setUp(t);
  const folder = await nix.build('--impure .#models', { env });
  await nix.out(`nix copy --to 'file://${nix.scratch.path}/cache?compression=none' ${folder}/*`, { env });
  await hub.close();
  const cache = await serve(t, join(nix.scratch.path, 'cache'));
  nix.emptyStore();
  const build = `nix-build --no-out-link -E 'builtins.attrValues (import ./nix/models.nix { pkgs = { }; }).models'`;
  assert.notEqual((await nix.sh(build, { env })).code, 0, 'the hub is closed');
  const options = `--option substituters ${cache} --option trusted-public-keys ''`;
  const paths = (await nix.out(`${build} ${options}`, { env })).trim().split('\n');
  assert.deepEqual(
    paths.map((path) => readFileSync(path)),
    models.map(({ content }) => content).toReversed(),
  );
});
