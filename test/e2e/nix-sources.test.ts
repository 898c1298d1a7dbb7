import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { base32 } from '../../src/core/base32.ts';
import { storePathOf } from '../../src/core/binary-cache/store-path.ts';
import { toSri } from '../../src/core/catalogue/sha256-forms.ts';
import { FakeHub } from '../support/fake-hub/fake-hub.ts';
import { sampleModel, SAMPLE_REPO, SAMPLE_REVISION } from '../support/models.ts';
import { sharedFlake } from '../support/nix-flake.ts';
import { needsNix } from '../support/nix.ts';

const KNOWN = 'ggml-base.en-q5_1.bin';
const KNOWN_HASH = '4baf70dd0d7c4247ba2b81fafd9c01005ac77c2f9ef064e00dcf195d0e2fdd2f';
const MINE = 'ggml-my.model.bin';
const mine = sampleModel(MINE, 6000);
const { sha256 } = mine.entry;
const OTHER = 'f'.repeat(64);

const flake = sharedFlake();
let projects = 0;

interface Project {
  /** Evaluates an expression of `models`, the attribute of models.nix. */
  readonly sh: (wanted: string, env?: Record<string, string>) => ReturnType<ReturnType<typeof flake>['sh']>;
  readonly value: (wanted: string, env?: Record<string, string>) => Promise<unknown>;
  readonly build: (env?: Record<string, string>) => Promise<string>;
  readonly storePath: (file: string, hash: string) => string;
}

/** A project whose registry lists models and has sources of them (in Nix), with a lock file if there are pins. */
function project(active: readonly string[], sources: string | undefined, pins?: readonly object[]): Project {
  const nix = flake();
  projects += 1;
  const folder = `projects/${projects}`;
  const list = active.map((name) => `"${name}"`).join(' ');
  const text = `activeModels = [ ${list} ]; ${sources === undefined ? '' : `modelSources = ${sources};`}`;
  // Home Manager writes a set, the template has a function.
  const registry = nix.scratch.write(`${folder}/registry.nix`, `${projects % 2 ? '{ pkgs }: ' : ''}{ ${text} }`);
  const lockFile = join(nix.scratch.path, folder, 'whisper-models.lock.json');
  if (pins) nix.scratch.write(`${folder}/whisper-models.lock.json`, JSON.stringify({ version: 1, models: pins }));
  const models = `(import ./nix/models.nix { pkgs = { }; registry = ${registry}; lockFile = ${lockFile}; }).models`;
  const sh: Project['sh'] = async (wanted, env = {}) =>
    nix.sh(`nix-instantiate --eval --strict --json -E 'let models = ${models}; in ${wanted}'`, { env });
  return {
    sh,
    value: async (wanted, env = {}) => {
      const { code, stdout, stderr } = await sh(wanted, env);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    },
    build: async (env = {}) =>
      (await nix.out(`nix-build --no-out-link -E 'builtins.head (builtins.attrValues ${models})'`, { env })).trim(),
    storePath: (file, hash) => storePathOf(file, hash, join(nix.scratch.path, 'store/store')),
  };
}

const source = (url: string, rest = `hash = "${toSri(sha256)}";`): string =>
  `{ "${MINE}" = { url = "${url}"; ${rest} }; }`;
const pin = { ...mine.entry, sha256: toSri(sha256) };
const PATHS = 'builtins.mapAttrs (_: model: model.outPath) models';
const URLS = 'builtins.mapAttrs (_: model: model.url) models';
const ON_HUB = `${SAMPLE_REPO}/resolve/${SAMPLE_REVISION}/some%20folder/model%25.bin`;

/** A hub that has the model under another name. */
async function hubWithMine(t: TestContext): Promise<FakeHub> {
  const hub = await FakeHub.start();
  t.after(() => hub.close());
  hub.put({ repo: SAMPLE_REPO, path: 'some folder/model%.bin', revision: SAMPLE_REVISION, content: mine.content });
  return hub;
}

test('a registry alone gives store paths to models of the catalogue and declared ones', needsNix, async () => {
  const { value, storePath } = project(['base.en-q5_1', MINE], source('https://example.org/x'));
  assert.deepEqual(await value(PATHS), { [KNOWN]: storePath(KNOWN, KNOWN_HASH), [MINE]: storePath(MINE, sha256) });
  const { [KNOWN]: known } = (await value(URLS)) as Record<string, string>;
  assert.match(known ?? '', /^https:\/\/huggingface\.co\/ggerganov\/whisper\.cpp\/resolve\/[0-9a-f]{40}\/ggml-base/);
  const distil = 'ggml-distil-large-v3.5.bin';
  assert.match(String(await project([distil], undefined).value(`models."${distil}".url`)), /\/ggml-model\.bin$/);
});

test(
  'a project without a lock file gets a declared model from a hub by nix build and by whisper sync',
  needsNix,
  async (t) => {
    const nix = flake();
    const hub = await hubWithMine(t);
    const module = nix
      .read('nix/template/nix/whisper-manager.nix')
      .replace(`"${KNOWN}"`, `"${MINE}"`)
      .replace('modelSources = { };', `modelSources = ${source(`https://huggingface.co/${ON_HUB}`)};`);
    nix.scratch.write('cloned/nix/whisper-manager.nix', module);
    nix.scratch.write('cloned/flake.nix', nix.read('nix/template/flake.nix'));
    const cwd = join(nix.scratch.path, 'cloned');
    await nix.out(
      `nix flake lock --override-input nixpkgs path:${nix.nixpkgs} --override-input whisper path:${nix.path}`,
      { cwd },
    );
    await nix.out('nix build --impure .#models', { cwd, env: { HF_ENDPOINT: hub.endpoint } });
    assert.deepEqual(readFileSync(join(cwd, 'result', MINE)), mine.content);
    assert.deepEqual(JSON.parse(await nix.out('nix eval --json .#lib.activeModels', { cwd })), [MINE]);
    const synced = await nix.scratch.run(['sync', '--models-dir', 'synced'], {
      cwd: 'cloned',
      env: { HF_ENDPOINT: hub.endpoint },
    });
    assert.equal(synced.code, 0, synced.stderr);
    assert.deepEqual(readFileSync(join(cwd, 'synced', MINE)), mine.content);
  },
);

test('a pin with a path or an address is fetched from there', needsNix, async (t) => {
  const hub = await hubWithMine(t);
  const env = { HF_ENDPOINT: hub.endpoint };
  const server = createServer((request, response) => response.end(request.url === '/y.bin?z=1' ? mine.content : ''));
  t.after(() => server.close());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/y.bin?z=1`;
  const { repo: _, revision: __, ...rest } = pin;
  for (const { build, storePath } of [
    project([MINE], undefined, [{ ...pin, path: 'some folder/model%.bin' }]),
    project([MINE], undefined, [{ ...rest, url }]),
    project([MINE], source(`${url}#fragment`)),
  ]) {
    flake().emptyStore();
    assert.equal(await build(env), storePath(MINE, sha256));
    assert.deepEqual(readFileSync(storePath(MINE, sha256)), mine.content);
  }
});

test('addresses of the hub in every form follow HF_ENDPOINT, and no others do', needsNix, async () => {
  const env = { HF_ENDPOINT: 'https://hub.example.org/mirror/' };
  const mirrored = `https://hub.example.org/mirror/${ON_HUB}`;
  const page = ON_HUB.replace('/resolve/', '/blob/');
  const addresses: Readonly<Record<string, string>> = {
    [`https://huggingface.co/${ON_HUB}`]: mirrored,
    [`https://huggingface.co/${ON_HUB}?download=true`]: mirrored,
    [`https://huggingface.co/${page}#x`]: mirrored,
    [`https://www.huggingface.co/${page.replace('/blob/', '/raw/')}`]: mirrored,
    [`https://hf.co/${page}`]: mirrored,
    [mirrored]: mirrored,
    'https://huggingface.co/gpt2/resolve/main/x.bin': 'https://hub.example.org/mirror/gpt2/resolve/main/x.bin',
    [`https://huggingface.co.example.org/${page}`]: `https://huggingface.co.example.org/${page}`,
    [`https://example.org/${page}?a=b#c`]: `https://example.org/${page}?a=b`,
  };
  for (const [given, expected] of Object.entries(addresses))
    assert.equal(await project([MINE], source(given)).value(`models."${MINE}".url`, env), expected, given);
  const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
  const branch = project([MINE], undefined, [{ ...pin, revision: 'refs/pr/1', path: `a/${ascii}` }]);
  const encoded = encodeURI(`a/${ascii}`).replace('?', '%3F').replace('#', '%23');
  assert.deepEqual(await branch.value(URLS), {
    [MINE]: `https://huggingface.co/${SAMPLE_REPO}/resolve/refs%2Fpr%2F1/${encoded}`,
  });
});

test('a hash in any form, and a name in either, gives the same store path', needsNix, async () => {
  const bytes = Buffer.from(sha256, 'hex');
  const forms = [toSri(sha256), sha256, sha256.toUpperCase(), base32(bytes)];
  for (const form of [...forms, `sha256:${sha256}`, `sha256:${base32(bytes)}`, `sha256:${bytes.toString('base64')}`]) {
    // The lock file has the same bytes in another form, which is no contradiction.
    const declared = source('https://example.org/x', `sha256 = "${form}"; hash = ""; size = 6000;`);
    const { value, storePath } = project(['my.model'], declared.replace(`"${MINE}"`, '"my.model"'), [pin]);
    assert.deepEqual(await value(PATHS), { [MINE]: storePath(MINE, sha256) }, form);
    assert.deepEqual(await project([MINE], declared).value(PATHS), { [MINE]: storePath(MINE, sha256) }, form);
  }
});

test(
  'the lock file overrides modelSources, and a source without hash has the one of the catalogue',
  needsNix,
  async () => {
    const locked = project([MINE], source('https://example.org/x'), [pin]);
    assert.match(String(await locked.value(`models."${MINE}".url`)), /^https:\/\/huggingface\.co\/example\/models\//);
    const unhashed = source('https://example.org/x', '').replace(MINE, KNOWN);
    const known = project([KNOWN], unhashed);
    assert.deepEqual(await known.value(PATHS), { [KNOWN]: known.storePath(KNOWN, KNOWN_HASH) });
    assert.deepEqual(await known.value(URLS), { [KNOWN]: 'https://example.org/x' });
    const unlisted = project([KNOWN], `{ a = { url = 1; }; "${MINE}" = { }; }`);
    assert.deepEqual(await unlisted.value(PATHS), { [KNOWN]: unlisted.storePath(KNOWN, KNOWN_HASH) });
  },
);

const hash = `hash = "${toSri(OTHER)}";`;
const refused: readonly [what: string, make: () => Project, says: string][] = [
  [
    'a hash that is not that of the lock file',
    () => project([MINE], source('https://example.org/x', hash), [pin]),
    `${MINE} has one hash in whisper-models.lock.json and another in modelSources of registry.nix: remove the one that is wrong`,
  ],
  [
    'a hash that is not that of the catalogue',
    () => project([KNOWN], source('https://example.org/x', hash).replace(MINE, 'base.en-q5_1')),
    `${KNOWN} has one hash in the catalogue and another in modelSources of registry.nix: correct it, or give the model another name`,
  ],
  [
    'a size that is not that of the lock file',
    () => project([MINE], source('https://example.org/x', 'size = 1;'), [pin]),
    `${MINE} has one size in whisper-models.lock.json and another in modelSources of registry.nix: remove the one that is wrong`,
  ],
  [
    'a size that is not that of the catalogue',
    () => project([KNOWN], source('https://example.org/x', 'size = 1;').replace(MINE, KNOWN)),
    `${KNOWN} has one size in the catalogue and another in modelSources of registry.nix: correct it, or give the model another name`,
  ],
  [
    'two hashes that differ',
    () => project([MINE], source('https://example.org/x', `${hash} sha256 = "${sha256}";`)),
    `${MINE} has different values in hash and sha256 in modelSources of registry.nix: remove the one that is wrong`,
  ],
  [
    'two entries for one model',
    () => project([MINE], `${source('https://example.org/x')} // { "my.model" = { }; }`),
    `modelSources of registry.nix has two entries for ${MINE}, ${MINE} and my.model: remove one of them`,
  ],
  [
    'a source without hash',
    () => project([MINE], source('https://example.org/x', 'hash = "";')),
    `${MINE} has no hash in modelSources of registry.nix: run \`whisper sync\`, then \`whisper check --fix\``,
  ],
  [
    'a source without address',
    () => project([MINE], `{ "${MINE}".sha256 = "${sha256}"; }`),
    `${MINE} has no url in modelSources of registry.nix: add the address of the file`,
  ],
  ...['sha512-AAAA', `sha256-${sha256}`, 'e'.repeat(52), sha256.slice(1)].map((text): (typeof refused)[number] => [
    `the hash ${text}`,
    () => project([MINE], source('https://example.org/x', `hash = "${text}";`)),
    `the hash of ${MINE} in modelSources of registry.nix is not a sha256: write it as Nix does, like sha256-…`,
  ]),
  ...['file:///etc/passwd', 'https://a:b@example.org/x', 'x.bin', 'https://', 'https://example.org/a b'].map(
    (url): (typeof refused)[number] => [
      `the address ${url}`,
      () => project([MINE], source(url)),
      `the url of ${MINE} in modelSources of registry.nix is not a valid URL without user name and password: correct it`,
    ],
  ),
];
for (const [what, make, says] of refused) {
  test(`models.nix refuses ${what}`, needsNix, async () => {
    const { code, stderr } = await make().sh(PATHS);
    assert.notEqual(code, 0);
    assert.ok(stderr.includes(`error: ${says}`), stderr);
  });
}
