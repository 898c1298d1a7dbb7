import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { FakeHub } from './fake-hub/fake-hub.ts';
import { sampleModel, type SampleModel } from './models.ts';
import type { Certificate } from './servers/certificate.ts';
import type { RunOptions } from './run-options.ts';
import { Scratch, type Ran } from './scratch.ts';

/** A scratch project whose catalogue is a few small models on a hub of its own. */
export interface HubProject {
  readonly scratch: Scratch;
  readonly hub: FakeHub;
  readonly models: Readonly<Record<string, SampleModel>>;
  readonly env: Readonly<Record<string, string>>;
  /** Puts models there as another program would; with `isVerified`, `whisper verify` has seen them. */
  readonly place: (files: readonly string[], isVerified?: boolean) => Promise<void>;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Ran>;
}

/** `files` are file names with their sizes in bytes; `active` is what the registry lists; with `tls` the hub is reached over TLS. */
export async function hubProject(
  t: TestContext,
  files: Readonly<Record<string, number>>,
  active: readonly string[] | string = [],
  tls?: Certificate,
): Promise<HubProject> {
  const scratch = Scratch.create(t);
  const hub = await FakeHub.start(tls);
  t.after(() => hub.close());
  const models = Object.fromEntries(Object.entries(files).map(([file, size]) => [file, sampleModel(file, size)]));
  for (const { content, entry } of Object.values(models)) {
    hub.put({ repo: entry.repo, path: entry.file, revision: entry.revision, content });
  }
  const catalogue = scratch.writeCatalogue(Object.values(models).map(({ entry }) => entry));
  scratch.writeRegistry(active);
  const env = { HF_ENDPOINT: hub.endpoint, WHISPER_CATALOG: catalogue };
  const run: HubProject['run'] = async (args, options = {}) =>
    scratch.run(args, { ...options, env: { ...env, ...options.env } });
  const place: HubProject['place'] = async (names, isVerified = false) => {
    for (const name of names) scratch.writeModel(name, models[name]?.content ?? assert.fail(name));
    if (isVerified) assert.equal((await run(['verify', ...names])).code, 0);
  };
  return { scratch, hub, models, env, place, run };
}
