import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { FlakeProject } from '../support/flake-project.ts';
import { needsNix, withNix } from '../support/nix.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const LIST = '[ "tiny.en" ] |> map (name: "ggml-${name}.bin")';

/** Whether the Nix on PATH can have pipe operators, which came with 2.24. */
function knowsPipes(): boolean {
  const version = execFileSync('nix-instantiate', ['--version'], { encoding: 'utf8', env: withNix() });
  const [, minor = '0'] = /2\.(\d+)/.exec(version) ?? [];
  return Number(minor) >= 24;
}

test('a list with pipe operators is evaluated where Nix knows them', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(`{ pkgs }: { activeModels = ${LIST}; }`);
  const ran = await scratch.run(['list', '--json'], { env: withNix() });
  if (knowsPipes()) assert.deepEqual(JSON.parse(ran.stdout).registry?.active, [TINY], ran.stdout);
  else assert.deepEqual([ran.code, jsonError(ran)['code'] === 'usage'], [3, false], ran.stdout);
});

test('a neighbour with pipe operators is evaluated where Nix knows them', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry('{ pkgs }: { activeModels = import ./m.nix; }');
  scratch.write('nix/m.nix', LIST);
  const ran = await scratch.run(['list', '--json'], { env: withNix() });
  if (knowsPipes()) assert.deepEqual(JSON.parse(ran.stdout).registry?.active, [TINY], ran.stdout);
  else assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
});

test('a flake with pipe operators is evaluated where Nix knows them', needsNix, async (t) => {
  const project = FlakeProject.create(t, `{ outputs = { self }: { lib.activeModels = ${LIST}; }; }`);
  const ran = await project.list('.#lib.activeModels');
  if (knowsPipes()) assert.deepEqual(JSON.parse(ran.stdout).registry?.active, [TINY], ran.stdout);
  else assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
});
