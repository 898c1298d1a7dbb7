import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { needsNix, nixValue, withNix } from '../support/nix.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const A = '"ggml-tiny.bin"';
const B = '"ggml-base.bin"';
const chosen = (condition: string): string =>
  `{ pkgs }: { activeModels = if ${condition} then [ ${A} ] else [ ${B} ]; }`;
const SECRET = 'ggml-secret.bin';

/** Registries whose list is not what they say by themselves, and what the error says. */
const refused: readonly [name: string, text: string, says: RegExp, neighbour?: string][] = [
  ['the environment', '{ activeModels = [ (builtins.getEnv "SECRET") ]; }', /environment variable SECRET/],
  ['the environment by another name', '{ activeModels = [ (__getEnv "SECRET") ]; }', /variable SECRET/],
  ['the environment by with', 'with builtins; { activeModels = [ (getEnv "SECRET") ]; }', /variable SECRET/],
  ['the builtins in builtins', '{ activeModels = [ (builtins.builtins.getEnv "SECRET") ]; }', /variable SECRET/],
  ['tryEval around a refusal', chosen('(builtins.tryEval (builtins.getEnv "SECRET")).success'), /variable SECRET/],
  ['the environment in a neighbour', '{ activeModels = import ./m.nix; }', /SECRET/, '[ (builtins.getEnv "SECRET") ]'],
  [
    'a scope of its own',
    '{ activeModels = builtins.scopedImport { x = 1; } ./m.nix; }',
    /SECRET/,
    '[ (builtins.getEnv "SECRET") ]',
  ],
  ['the time', chosen('builtins.currentTime > 0'), /builtins\.currentTime/],
  ['the system', chosen('(builtins.currentSystem or "none") == "none"'), /builtins\.currentSystem/],
  ['the version of Nix', chosen('builtins.nixVersion == "2.8.0"'), /builtins\.nixVersion/],
  ['a position', chosen('(builtins.unsafeGetAttrPos "a" { a = 1; }).line == 1'), /builtins\.unsafeGetAttrPos/],
  ['its own position', chosen('__curPos.line == 1'), /__curPos/],
  ['a home path', chosen('toString ~/x == "/x"'), /~\/x/],
  [
    'a home path in a neighbour',
    '{ activeModels = import ./m.nix; }',
    /m\.nix is a path in the home/,
    '[ (toString ~/x) ]',
  ],
  ['a search path', chosen('(builtins.tryEval <nixpkgs>).success'), /<nixpkgs>/],
  ['another folder', chosen('builtins.pathExists /etc'), /whether \/etc exists/],
  ['the folder above', chosen('builtins.pathExists ../x'), /whether .*\/x exists/],
  ['a link out of the folder', chosen('builtins.pathExists ./link'), /whether .*\/link exists/],
  ['what is behind a link', chosen('builtins.pathExists ./link/x'), /whether .*\/link\/x exists/],
  ['a slash behind a file', chosen('builtins.pathExists "${toString ./m.nix}/"'), /whether .*\/ exists/, '1'],
  [
    'a file outside',
    '{ activeModels = [ (builtins.readFile ../secret) ]; }',
    /it reads .*\/secret, which is not allowed/,
  ],
  ['a file behind a link', '{ activeModels = [ (builtins.readFile ./link) ]; }', /it reads .*, which is not allowed/],
  ['the network', '{ activeModels = [ (builtins.fetchurl "http://127.0.0.1:9/") ]; }', /builtins\.fetchurl/],
  ['a flake', '{ activeModels = (builtins.fetchTree { type = "path"; path = "/"; }).x; }', /builtins\.fetchTree/],
  ['an argument', '{ pkgs }: { activeModels = pkgs.models; }', /needs pkgs, an argument/],
  ['whether there is an argument', `{ pkgs }: { activeModels = pkgs.models or [ ${A} ]; }`, /needs pkgs, an argument/],
  ['all arguments', `{ ... }@all: { activeModels = all.models or [ ${A} ]; }`, /depends on all, the argument/],
  ['a function', `let activeModels = x: [ ${A} ]; in { }`, /is a function, not a list/],
  ['a function as the let', `{ pkgs }: let activeModels = { a ? 1 }: [ ${A} ]; in { }`, /is a function, not a list/],
  [
    'a functor',
    '{ __functor = self: import ./m.nix; activeModels = [ ]; }',
    /__functor/,
    `_: { activeModels = [ ${A} ]; }`,
  ],
  [
    'a functor from a neighbour',
    `import ./m.nix // { activeModels = map (x: x) [ ${A} ]; }`,
    /__functor/,
    '{ __functor = 1; }',
  ],
  ['bytes that are no text', '{ activeModels = [ "ggml-${builtins.substring 0 1 "ä"}.bin" ]; }', /not UTF-8/],
  ['a number in it', `{ activeModels = map (x: x) [ ${A} 1 ]; }`, /element 2 is a number/],
  ['a set that is a string to others', `{ activeModels = map (x: x) [ { outPath = ${A}; } ]; }`, /element 1 is a set/],
  ['a string', '{ activeModels = toString 1; }', /is a string, not a list/],
  ['itself', 'let activeModels = activeModels ++ [ ]; in { inherit activeModels; }', /infinite recursion/],
  ['no end', '{ activeModels = let f = x: 1 + f (x + 1); in [ (toString (f 1)) ]; }', /infinite recursion/],
  ['a set behind an assert that fails', `assert false; { activeModels = [ ${A} ]; }`, /assert.*false.*failed/],
  ['a let behind it', `let activeModels = [ ${A} ]; in assert 1 > 2; { inherit activeModels; }`, /assert.*failed/],
  ['a set beside it', `{ activeModels = [ ${A} ]; } // (assert false; { })`, /assert.*failed/],
  [
    'a set on the other side of it',
    `(let x = 1; in assert x > 1; { }) // { activeModels = [ ${A} ]; }`,
    /assert.*failed/,
  ],
  ['true by another name', `let true = false; in assert true; { activeModels = [ ${A} ]; }`, /assert.*failed/],
  [
    'no end in memory',
    '{ activeModels = let f = s: f (s + s); in [ (f "xxxxxxxx") ]; }',
    /too much memory|infinite recursion/,
  ],
];
for (const [name, text, says, neighbour] of refused) {
  test(`a list that is made of ${name} is not read`, needsNix, async (t) => {
    const scratch = Scratch.create(t);
    scratch.write('secret', SECRET);
    scratch.writeRegistry(text);
    if (neighbour !== undefined) scratch.write('nix/m.nix', neighbour);
    symlinkSync('../secret', join(scratch.path, 'nix', 'link'));
    const model = scratch.writeModel('ggml-tiny.bin', Buffer.from('lmgg'));
    const ran = await scratch.run(['prune', '--json', '--unmanaged', '--allow-empty'], {
      env: { ...withNix(), SECRET },
    });
    const error = jsonError(ran);
    assert.deepEqual([ran.code, error['code']], [3, 'registry-eval'], ran.stdout);
    assert.match(String(error['message']), says);
    assert.doesNotMatch(ran.stdout, /ggml-secret|\\u001b|\n.+/);
    assert.ok(scratch.exists(model));
  });
}

/** Registries that are evaluated, and come to what Nix says. */
const read: readonly [name: string, text: string, neighbour?: string][] = [
  ['builtins of that name', `let builtins = { getEnv = x: ${A}; }; in { activeModels = [ (builtins.getEnv "x") ]; }`],
  ['the names of builtins', chosen('builtins ? currentSystem && builtins ? currentTime && !(builtins ? exec)')],
  ['a neighbour', '{ activeModels = import ./m.nix; }', `[ ${A} ]`],
  ['a path without a dot before it', '{ activeModels = import ../nix/m.nix ++ import ./m.nix; }', `[ ${A} ]`],
  ['whether a neighbour exists', chosen('builtins.pathExists ./m.nix && !builtins.pathExists ./n/x'), '1'],
  [
    'the names of files',
    '{ activeModels = builtins.filter (n: n == "m.nix") (builtins.attrNames (builtins.readDir ./.)); }',
    '1',
  ],
  ['JSON', '{ activeModels = builtins.fromJSON (builtins.readFile ./m.nix); }', '["ggml-\\u00e4\\ud83d\\ude00.bin"]'],
  ['a let whose body comes right behind', `let activeModels = map (x: x) [ ${A} ]; in{ inherit activeModels; }`],
  [
    'a let in a let',
    `let a = [ ${A} ]; in let activeModels = map (x: x) a; in let a = 2; in { inherit activeModels; }`,
  ],
  ['a trace', `{ activeModels = builtins.trace "x" [ ${A} ]; }`],
  ['a set behind an assert that holds', `let x = 2; in assert x > 1; { activeModels = [ ${A} ]; }`],
  ['a computed name', `let n = "activeModels"; in { \${n} = [ ${A} ]; }`],
];
for (const [name, text, neighbour] of read) {
  test(`a list that is made of ${name} is evaluated by Nix`, needsNix, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(text);
    if (neighbour !== undefined) scratch.write('nix/m.nix', neighbour);
    const ran = await scratch.run(['list', '--json'], { env: withNix() });
    assert.equal(ran.code, 0, ran.stdout);
    const { active, source } = JSON.parse(ran.stdout).registry;
    assert.deepEqual([active, source], [nixValue(scratch.registry), 'nix-eval']);
  });
}

test('no program of the folder is run', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry('{ activeModels = [ (fetchGit ./.).rev (builtins.fetchGit { url = ./.; }).rev ]; }');
  const git = (...args: readonly string[]): void => {
    const identity = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    };
    execFileSync('git', ['-C', join(scratch.path, 'nix'), ...args], {
      env: { ...withNix(), ...identity },
      stdio: 'pipe',
    });
  };
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
  git('config', 'core.fsmonitor', `touch '${scratch.path}/was-run'; false`);
  const ran = await scratch.run(['list', '--json'], { env: withNix() });
  assert.equal(ran.code, 3);
  assert.match(String(jsonError(ran)['message']), /builtins\.fetchGit/);
  assert.equal(scratch.exists('was-run'), false);
});
