import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { sharedFlake } from '../support/nix-flake.ts';
import { needsNix, nixValue } from '../support/nix.ts';
import { nixpkgsNames } from '../support/nixpkgs-names.ts';
import { Scratch } from '../support/scratch.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const SYSTEMS = ['aarch64-darwin', 'aarch64-linux', 'x86_64-linux'];
const PER_SYSTEM = {
  checks: ['list'],
  devShells: ['ci', 'default', 'rust', 'whisper'],
  packages: ['default', 'models', 'whisper'],
};
const flake = sharedFlake();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('every output evaluates, on all systems, without building anything', needsNix, async () => {
  const nix = flake();
  await nix.out('nix flake check --no-build --option allow-import-from-derivation false');
  const shown = JSON.parse(await nix.out('nix flake show --json')) as Record<string, Record<string, object>>;
  for (const [output, names] of Object.entries(PER_SYSTEM)) {
    assert.deepEqual(Object.keys(shown[output] ?? {}), SYSTEMS, output);
    for (const system of SYSTEMS) assert.deepEqual(Object.keys(shown[output]?.[system] ?? {}), names);
  }
  assert.deepEqual(Object.keys(shown), [
    'checks',
    'devShells',
    'formatter',
    'homeModules',
    'lib',
    'overlays',
    'packages',
    'templates',
  ]);
});

test('the flake and the program give the same list', needsNix, async (t) => {
  const nix = flake();
  const scratch = Scratch.create(t);
  scratch.writeRegistry(nix.read('nix/whisper-manager.nix'));
  const listed = JSON.parse((await scratch.run(['list', '--json'])).stdout) as { registry: { active: string[] } };
  assert.notDeepEqual(listed.registry.active, []);
  assert.deepEqual(JSON.parse(await nix.out('nix eval --json .#lib.activeModels')), listed.registry.active);
  const models = JSON.parse(await nix.out('nix eval --json .#lib.models')) as Record<string, { size: number }>;
  assert.deepEqual(Object.keys(models), listed.registry.active);
  assert.deepEqual(JSON.parse(await nix.out('nix eval --json .#lib.modelSources')), {});
  assert.equal(await nix.out('nix eval --raw .#lib.modelsDir'), '$HOME/.local/share/whisper/models');
});

test('the package has its metadata', needsNix, async () => {
  const nix = flake();
  const { version, description } = JSON.parse(read('package.json')) as Record<string, string>;
  const meta = JSON.parse(await nix.out('nix eval --json .#whisper.meta')) as Record<string, unknown>;
  assert.deepEqual([meta['mainProgram'], meta['description']], ['whisper', description]);
  assert.equal(await nix.out('nix eval --raw .#whisper.name'), `whisper-models-${version}`);
});

// The data of a module is available without packages.
const data: readonly [file: string, attribute: string, value: unknown][] = [
  ['nix/whisper-manager.nix', 'activeModels', ['ggml-base.en-q5_1.bin']],
  ['nix/whisper-manager.nix', 'modelSources', {}],
  ['nix/whisper-manager.nix', 'modelsDir', '$HOME/.local/share/whisper/models'],
  ['nix/rust-env.nix', 'targets', []],
];
for (const [file, attribute, value] of data) {
  test(`${attribute} of ${file} needs no packages`, needsNix, () => {
    assert.deepEqual(nixValue(join(ROOT, file), attribute), value);
  });
}

test('flake.nix only composes other files', () => {
  const text = read('flake.nix');
  assert.ok(text.trimEnd().split('\n').length <= 40);
  assert.doesNotMatch(text, /nixConfig/);
  const lock = existsSync(join(ROOT, 'flake.lock')) ? read('flake.lock') : '';
  assert.doesNotMatch(lock, /"path"/, 'a lock of inputs that are only on one machine');
});

test('the template has the list that `whisper init` writes, and its flake names no owner', () => {
  assert.equal(read('nix/template/nix/whisper-manager.nix'), read('nix/whisper-manager.nix'));
  assert.equal(read('nix/template/nix/whisper-models.lock.json'), read('nix/whisper-models.lock.json'));
  assert.equal(read('nix/template/.envrc'), read('.envrc'));
  assert.match(read('nix/template/flake.nix'), /"github:OWNER\/whisper"/);
});

test('the Nix files use nothing of nixpkgs but what is known to be there', () => {
  const files = ['flake.nix', ...readdirSync(join(ROOT, 'nix')).map((name) => `nix/${name}`)];
  const used = files
    .filter((file) => file.endsWith('.nix'))
    .flatMap((file) => {
      const code = read(file).replaceAll(/#.*$/gm, '');
      const inherited = [...code.matchAll(/inherit \(pkgs\.(?<from>[\w.-]+)\) (?<names>[^;]+);/g)].flatMap(
        ({ groups }) => groups?.['names']?.split(' ').map((name) => `${groups['from']}.${name}`) ?? [],
      );
      const named = [...code.matchAll(/\bpkgs\.(?<name>[\w-]+(?:\.[\w-]+)*)/g)].map(
        ({ groups }) => groups?.['name'] ?? '',
      );
      const functions = [...code.matchAll(/\blib\.(?<name>[\w.-]+)/g)].map(({ groups }) => `lib.${groups?.['name']}`);
      return [...inherited, ...named.filter((name) => !name.startsWith('lib.')), ...functions];
    });
  assert.deepEqual([...new Set(used)].toSorted(), nixpkgsNames.toSorted());
});
