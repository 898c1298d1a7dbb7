import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HubProject } from '../support/hub-project.ts';
import type { Ran } from '../support/scratch.ts';

export const BASE = 'ggml-base.en.bin';
export const SIZE = 70_000;
export const CACHE = '.cache/huggingface/hub';

/** The JSON of download and sync, as far as it is looked at. */
export interface Result {
  readonly adopted: readonly string[];
  readonly downloaded: readonly { readonly name: string }[];
  readonly present: readonly string[];
  readonly registered: readonly string[];
}

/** Where the cache of the Hugging Face tools has a model. */
export function blobPath({ models }: HubProject, cache = CACHE, name = BASE): string {
  return join(cache, 'models--example--models', 'blobs', models[name]?.entry.sha256 ?? assert.fail(name));
}

/** Puts the model, or something else, into the cache; returns the path. */
export function putBlob(
  project: HubProject,
  cache = CACHE,
  content = project.models[BASE]?.content,
  mode = 0o644,
): string {
  return project.scratch.write(blobPath(project, cache), content ?? assert.fail(), mode);
}

/** What a run that went well printed. */
export function resultOf(ran: Ran): Result {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  return JSON.parse(ran.stdout) as Result;
}

/** Asserts that the model is there, byte for byte, and no partial file of it. */
export function assertThere({ scratch, models }: HubProject, name = BASE): void {
  assert.ok(readFileSync(join(scratch.models, name)).equals(models[name]?.content ?? assert.fail()), name);
  assert.deepEqual(scratch.exists(`models/.whisper/partial/${name}.part`), false);
}

/** What must not change of a source. */
export function stateOf(path: string): unknown {
  const { mode, mtimeMs, ino, size, uid } = statSync(path);
  return { mode, mtimeMs, ino, size, uid, content: readFileSync(path).toString('base64') };
}
