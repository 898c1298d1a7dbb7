import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import type { RunOptions } from './run-options.ts';

export const TINY = 'ggml-tiny.en.bin';
export const BASE = 'ggml-base.en.bin';
export const SMALL = 'ggml-small.en.bin';
export const TEAM = 'ggml-team.bin';
const SIZES = { [TINY]: 4000, [BASE]: 5000, [SMALL]: 6000, [TEAM]: 7000 };

/** A list of short names. */
export const SHORT = `{ pkgs }:
{
  activeModels = [
    "tiny.en" # for notes
    "base.en"
    # "small.en" # too slow
  ];
}
`;

/** A project with a list of short names, or another one, and four models that can be downloaded. */
export const shortNames = (t: TestContext, list: readonly string[] | string = SHORT): Promise<HubProject> =>
  hubProject(t, SIZES, list);

/** The JSON document of a command that ends with this code. */
export async function json(
  { run }: HubProject,
  args: readonly string[],
  code = 0,
  options: RunOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const ran = await run([...args, '--json'], options);
  assert.equal(ran.code, code, ran.stdout + ran.stderr);
  return JSON.parse(ran.stdout);
}
