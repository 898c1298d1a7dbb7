import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { FlakeProject } from '../support/flake-project.ts';
import { needsNix } from '../support/nix.ts';
import { jsonError } from './wanted-model.ts';

const SECRET = 'ggml-secret-0123456789.bin';
const WRONG = `sha256-${'A'.repeat(43)}=`;

/** What a flake does to read files outside of it; HERE is the folder of a secret file, HASH the hash of it as Nix has it. */
const expressions: readonly [name: string, expression: string][] = [
  ['reads an absolute path', '[ (builtins.readFile /HERE/secret/file) ]'],
  ['reads a path in a string', '[ (builtins.readFile "HERE/secret/file") ]'],
  ['reads a path above it', '[ (builtins.readFile ../secret/file) ]'],
  ['interpolates a path', '[ "${/HERE/secret/file}" ]'],
  ['lists a folder', 'builtins.attrNames (builtins.readDir /HERE/secret)'],
  ['copies a folder', '[ (builtins.path { path = /HERE/secret; }) ]'],
  ['copies a folder with a hash', '[ (builtins.path { path = /HERE/secret; sha256 = "HASH"; }) ]'],
  ['copies a folder with a wrong hash', '[ (__path { path = /HERE/secret; sha256 = "WRONG"; }) ]'],
  ['filters a folder', '[ (builtins.filterSource (_: _: true) /HERE/secret) ]'],
  ['hashes a file', '[ (builtins.hashFile "sha256" /HERE/secret/file) ]'],
  ['imports a file', 'import /HERE/secret/list.nix'],
  ['imports a file of the store by name', '[ (builtins.storePath "STORED") ]'],
  ['reads a file of the store', '[ (builtins.readFile "STORED/file") ]'],
  ['searches a path', '[ <nixpkgs> ]'],
  [
    'fetches a URL',
    '[ (builtins.readFile (builtins.fetchurl { url = "file://HERE/secret/file"; sha256 = "WRONG"; })) ]',
  ],
  ['fetches a URL by another name', '[ (__fetchurl "file://HERE/secret/file") ]'],
  ['fetches an archive', '[ (builtins.fetchTarball { url = "file://HERE/secret/file"; sha256 = "WRONG"; }) ]'],
  [
    'fetches an archive by its global name',
    '[ (fetchTarball { url = "file://HERE/secret/file"; sha256 = "WRONG"; }) ]',
  ],
  [
    'fetches a tree with a wrong hash',
    '[ (builtins.fetchTree { type = "path"; path = "HERE/secret"; narHash = "WRONG"; }).outPath ]',
  ],
  [
    'fetches a tree with the right hash',
    '[ (builtins.fetchTree { type = "path"; path = "HERE/secret"; narHash = "HASH"; }).outPath ]',
  ],
  [
    'fetches a tree by its global name',
    '[ (fetchTree { type = "path"; path = "HERE/secret"; narHash = "HASH"; }).outPath ]',
  ],
  [
    'fetches a tree by builtins in builtins',
    '[ (builtins.builtins.fetchTree { type = "path"; path = "HERE/secret"; narHash = "HASH"; }).outPath ]',
  ],
  [
    'fetches a tree behind tryEval',
    '[ (toString (builtins.tryEval (builtins.fetchTree { type = "path"; path = "HERE/secret"; narHash = "HASH"; }).outPath).success) ]',
  ],
  ['fetches a tree in another file', 'import ./fetch.nix'],
  ['fetches a tree in another file with a scope', 'builtins.scopedImport { } ./fetch.nix'],
  ['fetches a tree in a file that import itself imports', '(builtins.scopedImport { x = import; } ./import.nix)'],
  ['fetches a repository', '[ (builtins.fetchGit { url = "file://HERE/secret"; rev = "REV"; }).outPath ]'],
  ['fetches a repository by its global name', '[ (fetchGit { url = "HERE/secret"; rev = "REV"; }).outPath ]'],
  ['fetches a repository of Mercurial', '[ (fetchMercurial "file://HERE/secret").outPath ]'],
  ['gets another flake', '(builtins.getFlake "path:HERE/secret?narHash=HASH").list'],
  ['gets another flake by another name', '(__getFlake "path:HERE/secret?narHash=HASH").list'],
  [
    'builds what it imports',
    'import (derivation { name = "x"; system = builtins.head [ "SYSTEM" ]; builder = "/bin/sh"; args = [ "-c" "touch HERE/was-run; echo [] > $out" ]; })',
  ],
  [
    'builds by the fetcher of Nix',
    '[ (builtins.readFile (import <nix/fetchurl.nix> { url = "file://HERE/secret/file"; hash = "WRONG"; })) ]',
  ],
  ['follows a link in its repository', '[ (builtins.readFile ./link) ]'],
  ['follows a link to a folder', '[ (builtins.readFile ./folder/file) ]'],
  ['imports behind a link', 'import ./folder/list.nix'],
  ['copies a link', '[ (builtins.readFile "${./link}") ]'],
];

test('a flake reads nothing outside of itself and its inputs', needsNix, async (t) => {
  const project = FlakeProject.create(t, '{ outputs = _: { }; }');
  const { scratch } = project;
  scratch.write('secret/file', SECRET);
  scratch.write('secret/list.nix', `[ "${SECRET}" ]`);
  scratch.write('secret/flake.nix', `{ outputs = _: { list = [ "${SECRET}" ]; }; }`);
  project.commit('secret');
  const rev = execFileSync('git', ['rev-parse', 'HEAD'], {
    cwd: join(scratch.path, 'secret'),
    encoding: 'utf8',
  }).trim();
  const hash = project.nix('hash', 'path', join(scratch.path, 'secret')).trim();
  // In the store, and not an input.
  scratch.write('other/file', 'not an input');
  const stored = project.nix('store', 'add-path', join(scratch.path, 'other')).trim();
  const filled = (text: string): string =>
    Object.entries({
      '/HERE': scratch.path,
      HERE: scratch.path,
      HASH: hash,
      REV: rev,
      STORED: stored,
      WRONG,
      SYSTEM: `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`,
    }).reduce((filling, [name, value]) => filling.replaceAll(name, value), text);
  const outputs = expressions.map(([, expression], index) => `lib.x${index} = ${filled(expression)};`);
  scratch.write(
    'project/flake.nix',
    `{ outputs = { self }: {\n${outputs.join('\n')}\nlib.plain = [ (builtins.getEnv "HOME") "\${builtins.currentSystem or "none"}" (import <nix/fetchurl.nix> { name = "n"; url = "x"; hash = "${WRONG}"; }).name ]; }; }`,
  );
  const tree = filled('{ type = "path"; path = "HERE/secret"; narHash = "HASH"; }');
  scratch.write('project/fetch.nix', `[ (builtins.fetchTree ${tree}).outPath ]`);
  scratch.write('project/import.nix', 'x ./fetch.nix');
  symlinkSync('../secret/file', join(project.path, 'link'));
  symlinkSync('../secret', join(project.path, 'folder'));
  project.commit('project');
  for (const [index, [name]] of expressions.entries()) {
    const ran = await project.list(`.#lib.x${index}`);
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], name + ran.stdout);
    assert.doesNotMatch(ran.stdout, /ggml-secret/, name);
    assert.deepEqual(project.copiesOf(SECRET), [], name);
  }
  assert.equal(scratch.exists('was-run'), false);
  const plain = await project.list('.#lib.plain');
  assert.deepEqual(JSON.parse(plain.stdout).registry?.active, ['', 'none', 'n'], plain.stdout);
});

test('an input reads nothing outside of itself, either', needsNix, async (t) => {
  const project = FlakeProject.create(t, '{ outputs = _: { }; }');
  const { scratch } = project;
  scratch.write('secret/file', SECRET);
  const hash = project.nix('hash', 'path', join(scratch.path, 'secret')).trim();
  const tree = `{ type = "path"; path = "${scratch.path}/secret"; narHash = "${hash}"; }`;
  scratch.write('in/flake.nix', '{ outputs = _: { list = import ./list.nix; }; }');
  scratch.write('in/list.nix', `[ (builtins.fetchTree ${tree}).outPath ]`);
  scratch.write(
    'project/flake.nix',
    `{ inputs.in1.url = "path:${scratch.path}/in"; outputs = { self, in1 }: { lib = in1; }; }`,
  );
  project.lock();
  const ran = await project.list('.#lib.list');
  assert.match(
    String(jsonError(ran)['message']),
    /needs builtins\.fetchTree, and of a flake only its locked inputs are read/,
  );
  assert.deepEqual(project.copiesOf(SECRET), []);
});

/** Locks that no Nix writes; the input is a flake with the output `list`. */
const locks: readonly [name: string, node: object, url?: string][] = [
  ['a path above the flake', { locked: { type: 'path', path: '../secret' }, parent: [] }, 'path:../secret'],
  [
    'a path above it behind a folder',
    { locked: { type: 'path', path: './nix/../../secret' }, parent: [] },
    'path:./nix/../../secret',
  ],
  ['an absolute path without a hash', { locked: { type: 'path', path: 'HERE/secret' } }],
  ['an absolute path with another hash', { locked: { type: 'path', path: 'HERE/secret', narHash: WRONG } }],
  ['an absolute path that is not in the store', { locked: { type: 'path', path: 'HERE/secret', narHash: 'HASH' } }],
  ['a repository', { locked: { type: 'git', url: 'file://HERE/secret', rev: '0'.repeat(40), narHash: 'HASH' } }],
  ['an archive', { locked: { type: 'tarball', url: 'file://HERE/secret/file', narHash: 'HASH' } }],
  [
    'a folder above another input',
    { locked: { type: 'path', path: './nix', dir: '../../secret' }, parent: [] },
    'path:./nix?dir=../../secret',
  ],
];
for (const [name, node, url = 'path:HERE/secret'] of locks) {
  test(`a flake.lock that names ${name} reads nothing`, needsNix, async (t) => {
    const project = FlakeProject.create(t, '{ outputs = _: { }; }');
    const { scratch } = project;
    scratch.write('secret/file', SECRET);
    scratch.write('secret/flake.nix', `{ outputs = _: { list = [ "${SECRET}" ]; }; }`);
    const hash = project.nix('hash', 'path', join(scratch.path, 'secret')).trim();
    const filled = (text: string): string => text.replaceAll('HERE', scratch.path).replaceAll('HASH', hash);
    const [, path = '', dir] = /^path:([^?]*)(?:\?dir=(.*))?$/.exec(filled(url)) ?? [];
    const original = { type: 'path', path, ...(dir !== undefined && { dir }) };
    const lock = { nodes: { root: { inputs: { in1: 'in1' } }, in1: { ...node, original } }, root: 'root', version: 7 };
    scratch.write('project/flake.lock', filled(JSON.stringify(lock)));
    scratch.write(
      'project/flake.nix',
      filled(`{ inputs.in1.url = "${url}"; outputs = { self, in1 }: { lib = in1; }; }`),
    );
    project.commit('project');
    const ran = await project.list('.#lib.list');
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
    assert.doesNotMatch(ran.stdout, /ggml-secret/);
    assert.deepEqual(project.copiesOf(SECRET), []);
  });
}

test('a flake.nix or flake.lock that is a link out of the repository is not read', needsNix, async (t) => {
  for (const name of ['flake.nix', 'flake.lock']) {
    const project = FlakeProject.create(t, `{ outputs = _: { list = [ ]; }; }`);
    project.scratch.write('secret/file', `{ outputs = _: { list = [ "${SECRET}" ]; }; }`);
    rmSync(join(project.path, name), { force: true });
    symlinkSync('../secret/file', join(project.path, name));
    project.commit('project');
    const ran = await project.list('.#list');
    assert.doesNotMatch(ran.stdout, /ggml-secret/);
    assert.equal(ran.code, name === 'flake.nix' ? 3 : 0, ran.stdout);
    assert.deepEqual(project.copiesOf(SECRET), []);
  }
});

test('a flake at an address that was not fetched before is not fetched', needsNix, async (t) => {
  const project = FlakeProject.create(t, '{ outputs = _: { }; }');
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  t.after(() => server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const variables = { http_proxy: `http://127.0.0.1:${port}`, no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' };
  for (const address of [`http://127.0.0.1:${port}/x.tar.gz`, 'https://127.0.0.1:1/x.tar.gz', 'github:o/r']) {
    const ran = await project.list(`${address}#lib.list`, { env: variables });
    assert.deepEqual([ran.code, jsonError(ran)['code']], [3, 'registry-eval'], ran.stdout);
    assert.match(String(jsonError(ran)['message']), /is not in the Nix store, and whisper does not fetch flakes/);
    assert.equal(jsonError(ran)['hint'], `Run nix flake archive ${address}`);
  }
  assert.equal(connections, 0);
});

test('a flake in a folder outside of a repository, and by its address, is read', needsNix, async (t) => {
  const project = FlakeProject.create(t, '{ outputs = _: { }; }');
  const { scratch } = project;
  scratch.write('plain/flake.nix', '{ outputs = _: { list = import ./list.nix; }; }');
  scratch.write('plain/list.nix', '[ "ggml-tiny.bin" ]');
  for (const reference of ['../plain#list', `path:${scratch.path}/plain#list`]) {
    const ran = await project.list(reference);
    assert.deepEqual(JSON.parse(ran.stdout).registry?.active, ['ggml-tiny.bin'], ran.stdout);
  }
});
