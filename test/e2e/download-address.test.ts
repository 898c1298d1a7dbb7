import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { sampleModel } from '../support/models.ts';

const BASE = 'ggml-base.en-q5_1.bin';
const MINE = sampleModel('ggml-model.bin', 5000);
const REPO = 'ada/lectures-ggml';
const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

/** A project with one catalogue model, and a repository of its own on the hub whose file is called as any other. */
async function project(t: TestContext, registry?: string): Promise<HubProject & { readonly text: () => string }> {
  const made = await hubProject(t, { [BASE]: 4000 }, [BASE]);
  made.hub.put({ repo: REPO, path: 'ggml-model.bin', revision: COMMIT, content: MINE.content });
  made.hub.branch(REPO, 'main', COMMIT);
  if (registry !== undefined) made.scratch.write('nix/whisper-manager.nix', registry);
  return { ...made, text: () => readFileSync(made.scratch.registry, 'utf8') };
}

const SRI = `sha256-${Buffer.from(MINE.entry.sha256, 'hex').toString('base64')}`;
const URL_AT_COMMIT = `https://huggingface.co/${REPO}/resolve/${COMMIT}/ggml-model.bin`;

test('a file of the hub is downloaded, listed and declared with its commit, hash and size in one edit', async (t) => {
  const { run, text, scratch } = await project(t);
  const before = text();
  const ran = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json']);
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual((JSON.parse(ran.stdout) as { registered: unknown }).registered, ['ggml-lectures.bin']);
  assert.equal(
    text(),
    `${before.slice(0, before.indexOf('  ];'))}    "ggml-lectures.bin"
  ];

  modelSources = {
    "ggml-lectures.bin" = {
      url = "${URL_AT_COMMIT}";
      hash = "${SRI}";
      size = 5000;
    };
  };
${before.slice(before.indexOf('  ];') + 5)}`,
  );
  assert.deepEqual(scratch.modelNames(), ['ggml-lectures.bin']);
  const again = await run(['download', `${REPO}/ggml-model.bin`, '--as', 'lectures', '--json']);
  assert.deepEqual((JSON.parse(again.stdout) as { present: unknown }).present, ['ggml-lectures.bin']);
  const verified = JSON.parse((await run(['verify', '--json'])).stdout) as { models: { status: string }[] };
  assert.deepEqual(verified.models.map(({ status }) => status).toSorted(), ['missing', 'ok']);
});
