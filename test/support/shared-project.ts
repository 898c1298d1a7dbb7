import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';

export const TINY = 'ggml-tiny.en.bin';
export const BASE = 'ggml-base.en.bin';
export const SMALL = 'ggml-small.en.bin';

export const listing = (...names: readonly string[]): string =>
  `{ activeModels = [ ${names.map((name) => JSON.stringify(name)).join(' ')} ]; }\n`;

export interface SharedProject extends HubProject {
  /** The other registry, which lists base.en. */
  readonly other: string;
  /** Its note. */
  readonly note: string;
}

/** A project that lists tiny.en and shares its models directory with another one. */
export async function sharedProject(t: TestContext): Promise<SharedProject> {
  const project = await hubProject(t, { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000 }, [TINY]);
  const { scratch, run } = project;
  const other = scratch.write('other/nix/whisper-manager.nix', listing(BASE));
  assert.equal((await run(['sync', '-f', other])).code, 0);
  const [file = ''] = readdirSync(join(scratch.models, '.whisper/roots'));
  assert.equal((await run(['sync'])).code, 0);
  return { ...project, other, note: `models/.whisper/roots/${file}` };
}

export function noteOf({ scratch, note }: SharedProject): Record<string, unknown> {
  return JSON.parse(scratch.read(note)) as Record<string, unknown>;
}

export function writeNote({ scratch, note }: SharedProject, fields: object): void {
  scratch.write(note, JSON.stringify(fields));
}
