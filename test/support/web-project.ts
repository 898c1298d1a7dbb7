import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import { type SampleModel, sampleModel } from './models.ts';
import type { Ran } from './scratch.ts';
import { type FileOptions, type Handler, sendFile, WebServer } from './servers/web-server.ts';

export const OWN = 'ggml-own.bin';
export const SIZE = 300_000;
const MODEL = sampleModel(OWN, SIZE);
export const CONTENT = MODEL.content;
export const PART = `models/.whisper/partial/${OWN}.part`;

/** The fields of an entry besides its name and address. */
export type Pins = Readonly<Partial<Record<'size' | 'sha256', number | string>>>;
export const PINNED = pinsOf(MODEL);
export const HASH = { sha256: MODEL.entry.sha256 };

export function pinsOf({ entry: { size, sha256 } }: SampleModel): { readonly size: number; readonly sha256: string } {
  return { size, sha256 };
}

/** How servers send files, besides the one that keeps its length to itself until the connection ends. */
export const WAYS = [
  ['with ranges', {}],
  ['without ranges', { hasRanges: false }],
  ['in chunks, without a length', { hasRanges: false, framing: 'chunks' }],
  ['in chunks, with ranges', { framing: 'chunks' }],
] as const;
export interface WebProject extends HubProject {
  readonly web: WebServer;
  /** Rewrites the catalogue, with one model at an address. */
  readonly declare: (url: string, pins?: Pins) => void;
}

/** A project whose catalogue has one model, of a web server; its hub is on the same host, so that the server may be asked. */
export async function webProject(
  t: TestContext,
  { pins = PINNED, handler, ...file }: FileOptions & { readonly pins?: Pins; readonly handler?: Handler } = {},
): Promise<WebProject> {
  const project = await hubProject(t, {}, []);
  const web = await WebServer.start(t, handler ?? sendFile(CONTENT, file));
  const declare: WebProject['declare'] = (url, fields = pins) =>
    void project.scratch.writeCatalogue([{ file: OWN, url, ...fields }]);
  declare(web.url());
  return { ...project, web, declare };
}

export const DOWNLOAD = ['download', 'own', '--json'] as const;

export interface Result {
  readonly downloaded: readonly { readonly received: number; readonly sha256: string }[];
  readonly adopted: readonly string[];
}

/** Asserts that the model is there byte for byte, and nothing of it besides; returns what the run printed. */
export function arrived({ scratch }: HubProject, ran: Ran, content = CONTENT): Result {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.ok(readFileSync(join(scratch.models, OWN)).equals(content));
  assert.equal(scratch.exists(PART), false);
  return JSON.parse(ran.stdout) as Result;
}

export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Asserts that a run failed with this exit code and error code, and that no model is there; returns the error. */
export function refused({ scratch }: HubProject, ran: Ran, exit: number, code: string): Refused {
  const { error } = JSON.parse(ran.stdout) as { error: Refused };
  assert.deepEqual([ran.code, error?.code], [exit, code], ran.stdout + ran.stderr);
  assert.deepEqual(scratch.modelNames(), []);
  assert.doesNotMatch(scratch.read(scratch.registry), /own/);
  return error;
}
