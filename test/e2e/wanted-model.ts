import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Fault } from '../support/fake-hub/faults.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import type { RunOptions } from '../support/run-options.ts';
import type { Ran } from '../support/scratch.ts';

/** The model that was there before, and the one that is to come. */
export const OLD = 'ggml-tiny.en.bin';
export const WANTED = 'ggml-base.en.bin';
export const SIZE = 300_000;

/** A project with one model fetched and active, and another one to be had; the log of the hub is empty. */
export async function wantedModel(t: TestContext): Promise<HubProject> {
  const project = await hubProject(t, { [OLD]: 4096, [WANTED]: SIZE }, [OLD]);
  const { code, stdout, stderr } = await project.run(['sync', '--json']);
  assert.equal(code, 0, stdout + stderr);
  project.hub.requests.length = 0;
  return project;
}

export interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly says: RegExp;
}

/** Asserts one JSON document on standard output and nothing but talk on standard error; returns the document's error. */
export function jsonError(ran: Ran): Readonly<Record<string, unknown>> {
  assert.match(ran.stdout, /^\{[^\n]*\}\n$/, ran.stderr);
  const { error, ...rest } = JSON.parse(ran.stdout) as { error: Record<string, unknown> };
  assert.deepEqual(rest, {});
  return error;
}

/** Asserts that a download fails as documented, for programs and for people, and that it leaves everything as it was. */
export async function assertRefused(
  project: HubProject,
  expected: Failure,
  args: readonly string[] = ['download', 'base.en'],
  options: RunOptions = {},
): Promise<void> {
  const { scratch } = project;
  const registry = scratch.read(scratch.registry);
  const forPrograms = await project.run([...args, '--json'], options);
  const { code, message, hint } = jsonError(forPrograms);
  const told = `${String(message)}\n${forPrograms.stderr}`;
  assert.equal(forPrograms.code, expected.exit, told);
  assert.equal(code, expected.code, told);
  assert.match(String(message), expected.says);
  assert.doesNotMatch(String(message), /\n/, 'one sentence');
  assert.match(String(hint), /^[A-Z].+[^.]$/, 'a next step');

  const forPeople = await project.run(args, options);
  assert.deepEqual([forPeople.code, forPeople.stdout], [expected.exit, ''], forPeople.stderr);
  const lines = forPeople.stderr.trimEnd().split('\n');
  const [sentence = '', step = ''] = lines.slice(-2);
  assert.match(sentence.replace(/^whisper: /, ''), expected.says, forPeople.stderr);
  assert.match(step, /^ {2}[A-Z]/, forPeople.stderr);

  assert.equal(scratch.read(scratch.registry), registry, 'the registry is untouched');
  assert.deepEqual(scratch.modelNames(), [OLD], 'no file has the name of the model');
  assert.deepEqual(readFileSync(join(scratch.models, OLD)), project.models[OLD]?.content);
}

/** Injects faults that last until the test ends. */
export function always({ hub }: HubProject, faults: readonly Fault[]): void {
  for (const fault of faults) hub.inject({ times: Infinity, ...fault });
}

/** Asserts that the wanted model is there byte for byte and registered, and that no partial file is left. */
export function assertPublished({ scratch, models }: HubProject, ran: Ran): void {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.deepEqual(scratch.modelNames(), [WANTED, OLD]);
  assert.ok(readFileSync(join(scratch.models, WANTED)).equals(models[WANTED]?.content ?? Buffer.alloc(0)));
  assert.match(scratch.read(scratch.registry), /"ggml-base\.en\.bin"/);
  assert.equal(scratch.exists(`models/.whisper/partial/${WANTED}.part`), false);
}
