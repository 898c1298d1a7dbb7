import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { FlakeProject } from '../support/flake-project.ts';
import { needsNix } from '../support/nix.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const SYSTEM = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${process.platform}`;
const NIXPKGS = `{ outputs = _: { lib.models = [ "${TINY}" ]; legacyPackages.${SYSTEM}.models = [ "${TINY}" ]; }; }`;
const REGISTRY = '{ pkgs, ... }: { activeModels = map (x: x) pkgs.models; }';

/** A project whose flake has a stub of nixpkgs as its input, and these outputs. */
function projectOf(t: Parameters<typeof FlakeProject.create>[0], outputs: string, registry: string): FlakeProject {
  const project = FlakeProject.create(t, '{ outputs = _: { }; }', { 'nix/whisper-manager.nix': registry });
  project.scratch.write('nixpkgs/flake.nix', NIXPKGS);
  project.scratch.write(
    'project/flake.nix',
    `{\n  inputs.nixpkgs.url = "path:${project.scratch.path}/nixpkgs";\n  outputs = ${outputs};\n}\n`,
  );
  project.lock();
  return project;
}

async function hintIn(project: FlakeProject, cwd = project.path): Promise<string> {
  const ran = await project.scratch.run(['list', '--json'], { env: project.env, cwd });
  const { code, message, hint } = jsonError(ran);
  assert.equal(code, 'registry-eval', ran.stdout);
  assert.match(String(message), /needs \w+, an argument of the function|depends on \w+, the argument of a function/);
  return String(hint);
}

test('for a list that needs arguments, the hint is the --attr of the output that contains it', needsNix, async (t) => {
  const project = projectOf(
    t,
    `{ self, nixpkgs }: { lib.activeModels = (import ./nix/whisper-manager.nix { pkgs = nixpkgs.legacyPackages.${SYSTEM}; }).activeModels; }`,
    REGISTRY,
  );
  for (const [cwd, attr] of [
    [project.path, '.#lib.activeModels'],
    [join(project.path, 'nix'), '..#lib.activeModels'],
  ] as const) {
    const hint = await hintIn(project, cwd);
    assert.equal(hint, `The flake exports the list: use --attr ${attr}, or set WHISPER_ATTR to that`);
    const { stdout } = await project.scratch.run(['list', '--json'], {
      env: { ...project.env, WHISPER_ATTR: attr },
      cwd,
    });
    assert.deepEqual(JSON.parse(stdout).registry?.active, [TINY], stdout);
  }
});

const BODY = '{\n    formatter = { };\n  }';
const exported: readonly [name: string, outputs: string, registry: string][] = [
  ['a formal', `{ self, nixpkgs }: ${BODY}`, REGISTRY],
  ['the whole argument', `inputs: ${BODY}`, REGISTRY],
  ['a formal of an open set', `{ nixpkgs, ... }@inputs: ${BODY}`, REGISTRY],
  [
    'the whole of an open set',
    `{ self, ... }@all: ${BODY}`,
    '{ pkgs ? import <nixpkgs> { }, unused ? 1 }: { activeModels = map (x: x) pkgs.models; }',
  ],
  ['lib', `{ self, nixpkgs }: ${BODY}`, '{ lib }: { activeModels = map (x: x) lib.models; }'],
  [
    'two arguments',
    `{ self, nixpkgs }: ${BODY}`,
    '{ pkgs, lib }: { activeModels = pkgs.models ++ [ ] ++ (if lib.models == pkgs.models then [ ] else [ ]); }',
  ],
  ['an input', `{ self, nixpkgs }: ${BODY}`, '{ nixpkgs, ... }: { activeModels = map (x: x) nixpkgs.lib.models; }'],
  [
    'all inputs',
    `{ self, ... }@inputs: ${BODY}`,
    '{ inputs }: { activeModels = map (x: x) inputs.nixpkgs.lib.models; }',
  ],
  ['any argument', `{ self, nixpkgs }: ${BODY}`, '{ ... }@args: { activeModels = map (x: x) args.pkgs.models; }'],
  ['a set in the result', `{ self, nixpkgs }: ${BODY}`, '{ pkgs }: { whisper.activeModels = map (x: x) pkgs.models; }'],
  [
    'a list that the result lacks',
    `{ self, nixpkgs }: ${BODY}`,
    '{ pkgs }: let activeModels = map (x: x) pkgs.models; in {\n}',
  ],
];
for (const [name, outputs, registry] of exported) {
  test(`the lines that the hint names work as they are: ${name}`, needsNix, async (t) => {
    const project = projectOf(t, outputs, registry);
    const hint = await hintIn(project);
    const [, line = '', hidden, attr = ''] =
      /^Add "(.*?;)" to the outputs of flake\.nix(?:, and "(.*;)" to the result of this file)?, then use --attr (\S+)$/.exec(
        hint,
      ) ?? [];
    assert.notEqual(line, '', hint);
    const { scratch } = project;
    const flake = scratch.read('project/flake.nix');
    scratch.write('project/flake.nix', flake.replace('formatter = { };', line));
    assert.equal(hidden !== undefined, registry.includes('let'));
    if (hidden !== undefined)
      scratch.write('project/nix/whisper-manager.nix', registry.replace('in {\n', `in {\n  ${hidden}\n`));
    project.commit('project');
    const { stdout } = await project.list(attr);
    assert.deepEqual(JSON.parse(stdout).registry?.active, [TINY], stdout + line);
    assert.match(await hintIn(project), /^The flake exports the list: use --attr \.#lib\.activeModels/);
  });
}

test('without a flake that can give the arguments, the hint names the way in general', needsNix, async (t) => {
  const general =
    /^Name a flake output that contains the list with --attr, like \.#lib\.activeModels, or write a plain list$/;
  const project = projectOf(t, '{ self }: { }', '{ other }: { activeModels = map (x: x) other.models; }');
  assert.match(await hintIn(project), general);
  project.scratch.write('project/flake.nix', '{');
  assert.match(await hintIn(project), general);
});
