import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from '../hub-project.ts';
import type { Ran } from '../scratch.ts';
import { FakeCache } from './fake-cache.ts';

/** A scratch project with an empty binary cache beside its hub. */
export interface CacheProject extends HubProject {
  readonly cache: FakeCache;
  /** Runs `whisper sync --json` with the cache. */
  readonly sync: (env?: Readonly<Record<string, string>>) => Promise<Ran>;
}

/** `sizes` are file names with their sizes in bytes; all of them are active. */
export async function cacheProject(t: TestContext, sizes: Readonly<Record<string, number>>): Promise<CacheProject> {
  const project = await hubProject(t, sizes, Object.keys(sizes));
  const cache = await FakeCache.start(t);
  const sync = (env = {}): Promise<Ran> =>
    project.run(['sync', '--json'], { env: { WHISPER_SUBSTITUTERS: cache.url, ...env } });
  return { ...project, cache, sync };
}

/** Asserts that a model is there, and that the hub was not asked. */
export function assertFromCache({ scratch, models, hub }: HubProject, file: string): void {
  assert.equal(scratch.read(`models/${file}`), models[file]?.content.toString('utf8'));
  assert.deepEqual(hub.requests, []);
}
