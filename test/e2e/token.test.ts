import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fault } from '../support/fake-hub/faults.ts';
import type { HubProject } from '../support/hub-project.ts';
import type { Ran } from '../support/scratch.ts';
import { always, assertPublished, assertRefused, jsonError, WANTED, wantedModel } from './wanted-model.ts';

const TOKEN = 'hf_SecretSecretSecretSecretSecret42';
const REPO = 'example/models';

/** Asserts that the token went to the hub, nowhere else, and that it is to be read nowhere. */
function assertNoLeak({ hub, scratch }: HubProject, ran: Ran): void {
  assert.deepEqual(hub.leaks, []);
  const asked = hub.requests.filter(({ origin }) => origin === 'hub');
  assert.ok(asked.length > 0);
  for (const { headers } of asked) assert.equal(headers.authorization, `Bearer ${TOKEN}`);
  assert.doesNotMatch(ran.stdout + ran.stderr, /Secret/);
  for (const entry of readdirSync(scratch.models, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    assert.ok(!readFileSync(path).includes('Secret'), path);
  }
  assert.ok(!scratch.read(scratch.registry).includes('Secret'));
}

const talkative = { HF_TOKEN: TOKEN, WHISPER_LOG: 'trace' };
const endings: readonly [string, readonly Fault[], number][] = [
  ['that succeeds', [], 0],
  [
    'that fails and is resumed',
    [
      { where: 'cdn', end: 1000 },
      { where: 'resolve', status: 503 },
    ],
    0,
  ],
  ['that gets wrong bytes', [{ where: 'cdn', flip: 9, times: Infinity }], 5],
  ['that is refused by the hub', [{ where: 'resolve', status: 403, message: 'No.', times: Infinity }], 4],
  ['that is refused by the content server', [{ where: 'cdn', status: 403, times: Infinity }], 4],
  ['that never reaches the hub', [{ where: 'resolve', refuse: true, times: Infinity }], 4],
  [
    'that is broken off for good',
    [
      { where: 'cdn', end: 1000 },
      { where: 'cdn', status: 500, times: Infinity },
    ],
    4,
  ],
  ['that hears its token repeated', [{ where: 'resolve', status: 403, message: `Bad: ${TOKEN}`, times: Infinity }], 4],
  ['that sees its token on a page', [{ where: 'resolve', html: `<p>Bearer ${TOKEN}`, times: Infinity }], 5],
];
for (const [name, faults, exit] of endings) {
  test(`the token is sent to the hub only and never shown: a download ${name}`, async (t) => {
    const project = await wantedModel(t);
    for (const fault of faults) project.hub.inject(fault);
    const ran = await project.run(['download', 'base.en', '-v'], { env: talkative });
    assert.equal(ran.code, exit, ran.stderr);
    assertNoLeak(project, ran);
    const forPrograms = await project.run(['download', 'base.en', '--json'], { env: talkative });
    assertNoLeak(project, forPrograms);
  });
}

test('a token does not follow a redirect to another port or scheme', async (t) => {
  const project = await wantedModel(t);
  const { port } = new URL(project.hub.cdn);
  always(project, [{ where: 'resolve', location: `http://localhost:${port}/elsewhere` }]);
  const ran = await project.run(['download', 'base.en', '-v'], { env: talkative });
  assert.equal(ran.code, 4);
  assert.ok(project.hub.requests.some(({ url }) => url === '/elsewhere'));
  assertNoLeak(project, ran);
});

test('a token follows the redirects that stay on the hub', async (t) => {
  const project = await wantedModel(t);
  const { content, entry } = project.models[WANTED] ?? assert.fail();
  project.hub.put({ repo: entry.repo, path: entry.file, revision: entry.revision, content, kind: 'git' });
  project.hub.requireToken(REPO, TOKEN, 'private');
  const ran = await project.run(['download', 'base.en', '-v'], { env: talkative });
  assertPublished(project, ran);
  assertNoLeak(project, ran);
});

const places: readonly [string, (project: HubProject) => Readonly<Record<string, string>>][] = [
  ['HF_TOKEN', () => ({ HF_TOKEN: `  ${TOKEN}\n` })],
  ['the old name of HF_TOKEN', () => ({ HUGGING_FACE_HUB_TOKEN: TOKEN })],
  ['HF_TOKEN_PATH', ({ scratch }) => ({ HF_TOKEN_PATH: scratch.write('my-token', `${TOKEN}\n`) })],
  ['HF_HOME', ({ scratch }) => ({ HF_HOME: join(scratch.write('hf/token', TOKEN), '..') })],
  ['the token file in the home', ({ scratch }) => (scratch.write('.cache/huggingface/token', TOKEN), {})],
];
for (const [name, place] of places) {
  test(`the token is found in ${name}`, async (t) => {
    const project = await wantedModel(t);
    project.hub.requireToken(REPO, TOKEN, 'private');
    const ran = await project.run(['download', 'base.en'], { env: place(project) });
    assertPublished(project, ran);
  });
}

test('no token is sent where the Hugging Face tools send none', async (t) => {
  const project = await wantedModel(t);
  const env = { HF_TOKEN: TOKEN, HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' };
  assertPublished(project, await project.run(['download', 'base.en'], { env }));
  assert.ok(project.hub.requests.every(({ headers }) => headers.authorization === undefined));
});

test('a password in HF_ENDPOINT does not get into records', async (t) => {
  const project = await wantedModel(t);
  const { scratch } = project;
  const { content, entry } = project.models[WANTED] ?? assert.fail();
  const { repo, revision, sha256, size } = entry;
  scratch.write(`models/.whisper/partial/${WANTED}.part`, content);
  scratch.write(
    `models/.whisper/partial/${WANTED}.part.json`,
    JSON.stringify({ repo, revision, sha256, size, finished: [[0, size]] }),
  );
  const endpoint = project.hub.endpoint.replace('http://', 'http://me:Secret@');
  const ran = await project.run(['download', 'base.en', '-v'], {
    env: { HF_ENDPOINT: endpoint, WHISPER_LOG: 'trace' },
  });
  assertPublished(project, ran);
  const record = scratch.read(`models/.whisper/records/${WANTED}.json`);
  assert.doesNotMatch(record + ran.stdout + ran.stderr, /Secret/);
});

const refusals: readonly [string, 'private' | 'gated' | 'gated-pending', string | undefined, string, RegExp][] = [
  [
    'a private repository without a token',
    'private',
    undefined,
    'hub-needs-token',
    /requires an access token for example\/models: Invalid username/,
  ],
  [
    'a private repository with a garbage token',
    'private',
    'garbage',
    'hub-needs-token',
    /rejected the access token: Invalid credentials/,
  ],
  [
    'a private repository with the token of a stranger',
    'private',
    'hf_x',
    'hub-not-found',
    /does not have this repository/,
  ],
  [
    'a gated repository without a token',
    'gated',
    undefined,
    'hub-gated',
    /is gated: Access to model example\/models is restricted/,
  ],
  [
    'a gated repository with the token of a stranger',
    'gated',
    'hf_x',
    'hub-gated',
    /is gated: Access to model example\/models is restricted/,
  ],
  ['a gated repository before its owner has said yes', 'gated-pending', 'mine', 'hub-gated', /awaiting a review/],
];
for (const [name, kind, token, code, says] of refusals) {
  test(`refused: ${name}`, async (t) => {
    const project = await wantedModel(t);
    project.hub.requireToken(REPO, 'mine', kind);
    const env: Record<string, string> = token === undefined ? {} : { HF_TOKEN: token };
    await assertRefused(project, { exit: 4, code, says }, ['download', 'base.en'], { env });
    const ran = await project.run(['download', 'base.en', '--json'], { env });
    if (code === 'hub-gated')
      assert.match(String(jsonError(ran)['hint']), new RegExp(`Request access at ${project.hub.endpoint}/${REPO}`));
    assert.ok(project.hub.requests.every(({ origin }) => origin === 'hub'));
  });
}
