import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { missingCompiler, missingPrograms, needs } from '../support/needs.ts';
import { NixFlake, sharedFlake } from '../support/nix-flake.ts';
import { needsNix } from '../support/nix.ts';
import { cacheLacks } from '../support/npm-cache.ts';

const SYSTEMS = ['aarch64-darwin', 'aarch64-linux', 'x86_64-linux'];
const CHECK = `.#checks.${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux.parser`;
const needsCompiler = needs(missingPrograms(['nix', 'nix-instantiate']), missingCompiler(), cacheLacks('wasm'));
const flake = sharedFlake({ builds: true, hasCompiler: true });

test('without a compiler for WebAssembly, no check of the parser exists', needsNix, async (t) => {
  const withoutCompiler = NixFlake.create(t);
  for (const [nix, names] of [
    [withoutCompiler, ['list']],
    [flake(), ['list', 'parser']],
  ] as const) {
    for (const system of SYSTEMS) {
      const found = await nix.out(`nix eval --json .#checks.${system} --apply builtins.attrNames`);
      assert.deepEqual(JSON.parse(found), names, system);
    }
  }
});

test('the check of the parser evaluates on all systems', needsNix, async () => {
  await flake().out('nix flake check --no-build --option allow-import-from-derivation false');
});

test('the committed parser is what its sources and flags make', needsCompiler, async () => {
  const nix = flake();
  const compiled = await nix.build(CHECK);
  assert.deepEqual(readFileSync(compiled), readFileSync(join(nix.path, 'wasm/nix-parser.wasm')));
  assert.match(await nix.out(`nix log ${CHECK}`), /^The modules give the same trees for 7\d\d texts\.$/m);
});

test('the check of the parser fails if its sources make another tree', needsCompiler, async () => {
  const nix = flake();
  const changed = nix.read('wasm/nix-parser.c').replace('NAMED = 1, ERROR = 2', 'NAMED = 2, ERROR = 1');
  nix.scratch.write('whisper/wasm/nix-parser.c', changed);
  const { code, stderr } = await nix.sh(`nix build --no-link --print-build-logs ${CHECK}`);
  assert.notEqual(code, 0);
  assert.match(stderr, /Error: the modules give different trees for \/.*\.txt$/m);
});
