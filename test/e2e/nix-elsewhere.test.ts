import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sharedFlake, type NixFlake } from '../support/nix-flake.ts';
import { needsNix, nixValue } from '../support/nix.ts';
import { Scratch } from '../support/scratch.ts';

const BASE = 'ggml-base.en-q5_1.bin';
const LINE = 'whisper: 1 active; run whisper list for details\n';
const flake = sharedFlake();

test('a new project from the template has the program and the list', needsNix, async () => {
  const nix = flake();
  const cwd = join(nix.scratch.path, 'new-project');
  mkdirSync(cwd);
  await nix.out(`nix flake init --template path:${nix.path}`, { cwd });
  assert.equal(nix.scratch.read('new-project/.envrc'), 'use flake\nwatch_file nix/*.nix\n');
  await nix.out(
    `nix flake lock --override-input nixpkgs path:${nix.nixpkgs} --override-input whisper path:${nix.path}`,
    { cwd },
  );
  await nix.out('nix develop --command true', { cwd });
  const { stdout, stderr } = await nix.sh('nix develop --command whisper list --json', { cwd });
  assert.equal(stderr, LINE);
  assert.deepEqual(JSON.parse(stdout).registry.active, [BASE]);
  assert.equal(JSON.parse(stdout).registry.file, join(cwd, 'nix/whisper-manager.nix'));
  assert.deepEqual(JSON.parse(await nix.out('nix eval --json .#lib.activeModels', { cwd })), [BASE]);
  await nix.out('nix flake check --no-build', { cwd });
  const derivation = await nix.out('nix show-derivation --recursive .#models', { cwd });
  assert.match(derivation, /resolve\/\w{40}\/ggml-base\.en-q5_1\.bin/);
});

test('the overlay adds the program to any nixpkgs, and nothing else', needsNix, async () => {
  const nix = flake();
  const importing = (attributes: string): string =>
    `import ${nix.nixpkgs} { overlays = [ (builtins.getFlake "path:${nix.path}").overlays.default ]; ${attributes} }`;
  const added = `removeAttrs (${importing('')}) (builtins.attrNames (import ${nix.nixpkgs} { }))`;
  const names = await nix.out(`nix eval --impure --json --expr 'builtins.attrNames (${added})'`);
  assert.deepEqual(JSON.parse(names), ['whisper-models']);
  const program = await nix.build(`--impure --expr '(${importing('')}).whisper-models'`);
  assert.match(await nix.out(`${program}/bin/whisper --version`), /^\d+\.\d+\.\d+\n$/);
});

/** What the Home Manager module makes of a configuration, as far as an expression asks for it. */
function homeConfig(nix: NixFlake, configuration: string, wanted: string): string {
  return `nix eval --impure --json --expr '
    let
      pkgs = import ${nix.nixpkgs} { };
      inherit (pkgs) lib;
      home = { lib, ... }: {
        options.home.packages = lib.mkOption { type = lib.types.listOf lib.types.package; default = [ ]; };
        options.home.file = lib.mkOption { type = lib.types.attrsOf lib.types.attrs; default = { }; };
      };
      modules = [ (builtins.getFlake "path:${nix.path}").homeModules.default home { programs.whisper = { ${configuration} }; } ];
      inherit (lib.evalModules { inherit modules; specialArgs = { inherit pkgs; }; }) config;
    in ${wanted}'`;
}

test(
  'Home Manager installs the program, and writes a list that is found from below the home directory',
  needsNix,
  async (t) => {
    const nix = flake();
    const configuration = `enable = true; activeModels = [ "${BASE}" ]; modelDir = "~/my \\"\${"$"}{models}\\"";`;
    const wanted = '{ inherit (config.home) file; packages = map (package: package.name) config.home.packages; }';
    const { file, packages } = JSON.parse(await nix.out(homeConfig(nix, configuration, wanted))) as {
      file: Record<string, { text: string }>;
      packages: string[];
    };
    assert.match(packages.join(), /^whisper-models-[\d.]+$/);
    assert.deepEqual(Object.keys(file), ['whisper-manager.nix']);
    const scratch = Scratch.create(t);
    scratch.write('whisper-manager.nix', file['whisper-manager.nix']?.text ?? '');
    scratch.write('projects/notes/today.txt', '');
    const cwd = join(scratch.path, 'projects/notes');
    const { stdout } = await scratch.run(['list', '--json'], { cwd, env: { WHISPER_MODELS_PATH: '' } });
    const { registry, modelsDir } = JSON.parse(stdout) as { registry: object; modelsDir: string };
    assert.deepEqual(registry, { file: join(scratch.path, 'whisper-manager.nix'), source: 'static', active: [BASE] });
    assert.equal(modelsDir, join(scratch.path, 'my "${models}"'));
  },
);

test('Home Manager writes the sources of models as Nix reads them back', needsNix, async (t) => {
  const nix = flake();
  const given = {
    'ggml-my.model.bin': { url: 'https://example.org/a"${b}\\c?d', hash: `sha256-${'A'.repeat(43)}=`, size: 7 },
    plain: { url: 'https://example.org/plain' },
  };
  const sources = `builtins.fromJSON (builtins.readFile ${nix.scratch.write('given.json', JSON.stringify(given))})`;
  const configuration = `enable = true; activeModels = [ "${BASE}" ]; modelSources = ${sources};`;
  const text = JSON.parse(
    await nix.out(homeConfig(nix, configuration, 'config.home.file."whisper-manager.nix".text')),
  ) as string;
  assert.match(text, /^ {2}modelSources = \{\n {4}"ggml-my\.model\.bin" = \{\n {6}url = "/m);
  const scratch = Scratch.create(t);
  const registry = scratch.write('whisper-manager.nix', text);
  assert.deepEqual(nixValue(registry, 'modelSources'), given);
  assert.deepEqual(nixValue(registry), [BASE]);
  const { stdout } = await scratch.run(['list', '--json']);
  assert.deepEqual(JSON.parse(stdout).registry, { file: registry, source: 'static', active: [BASE] });
});

const configurations: readonly [configuration: string, expected: unknown][] = [
  ['', [0, []]],
  [`activeModels = [ "${BASE}" ];`, [0, []]],
  ['enable = true;', [1, []]],
  [`enable = true; package = pkgs.jq; activeModels = [ "${BASE}" ];`, [1, ['whisper-manager.nix']]],
];
for (const [configuration, expected] of configurations) {
  test(`Home Manager with { ${configuration} }`, needsNix, async () => {
    const nix = flake();
    const wanted = '[ (builtins.length config.home.packages) (builtins.attrNames config.home.file) ]';
    assert.deepEqual(JSON.parse(await nix.out(homeConfig(nix, configuration, wanted))), expected);
  });
}

test(
  'Home Manager refuses anything but a list of models and sets of sources, and unknown options',
  needsNix,
  async () => {
    const nix = flake();
    for (const configuration of ['activeModels = "tiny";', 'activeModels = [ 1 ];', 'modelDir = 1;', 'models = [ ];']) {
      const { stderr } = await nix.sh(homeConfig(nix, configuration, 'config.programs.whisper'));
      assert.match(
        stderr,
        /There is no option config\.programs\.whisper\.models|The option .* is not a (?:list|string)/,
      );
    }
    for (const source of [
      '"https://example.org"',
      '{ url = 1; }',
      '{ url = ""; hsh = ""; }',
      '{ url = ""; size = "7"; }',
    ]) {
      const { stderr } = await nix.sh(homeConfig(nix, `modelSources.x = ${source};`, 'config.programs.whisper'));
      assert.match(stderr, /There is no option submodule\.hsh|The option .* is not a (?:string|number|set)/, source);
    }
  },
);
