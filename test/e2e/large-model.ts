import { readFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { readJournal } from '../../src/core/state/journal.ts';
import type { PutResult } from '../support/fake-hub/fake-hub.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { SAMPLE_REPO, SAMPLE_REVISION } from '../support/models.ts';

export const LARGE = 'ggml-medium.en.bin';
export const MIB = 1024 * 1024;

/** A project whose hub has one model that is large enough for its journal to be written on the way, no block like another. */
export async function largeModel(t: TestContext, size: number): Promise<HubProject & { readonly put: PutResult }> {
  const project = await hubProject(t, {});
  const file = { repo: SAMPLE_REPO, path: LARGE, revision: SAMPLE_REVISION };
  const put = project.hub.put({ ...file, content: { size, seed: 11 } });
  const { sha256 } = put;
  project.scratch.writeCatalogue([{ repo: file.repo, revision: file.revision, file: LARGE, size, sha256 }]);
  return { ...project, put };
}

/** Resolves with what the journal of the large model vouches for, as soon as that is at least `bytes`. */
export async function journaled({ scratch }: HubProject, bytes: number): Promise<number> {
  const folder = join(scratch.models, '.whisper', 'partial');
  const received = (): number => {
    const path = `models/.whisper/partial/${LARGE}.part.json`;
    return scratch.exists(path) ? (readJournal(scratch.read(path))?.received ?? 0) : 0;
  };
  for await (const _ of watch(folder)) if (received() >= bytes) break;
  return received();
}

/** The sha256 that the hub's bytes have, and what lies under the model's name. */
export function publishedBytes({ scratch }: HubProject): Buffer {
  return readFileSync(join(scratch.models, LARGE));
}
