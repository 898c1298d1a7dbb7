import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { NixFlake, sharedFlake } from '../support/nix-flake.ts';
import { needsNix } from '../support/nix.ts';

const NAMES = ['whisper', 'whisper-manager', 'whisper-download', 'whisper-prune', 'whisper-list'];
const LINE = 'whisper: 1 active; run whisper list for details\n';
const RUST = 'rust-bin clippy rust-analyzer rust-src for\n';
const flake = sharedFlake();

interface Shell {
  readonly hasWhisper: boolean;
  readonly hasRust: boolean;
  readonly hasNode: boolean;
}

const shells: Readonly<Record<string, Shell>> = {
  default: { hasWhisper: true, hasRust: true, hasNode: true },
  whisper: { hasWhisper: true, hasRust: false, hasNode: false },
  rust: { hasWhisper: false, hasRust: true, hasNode: false },
  ci: { hasWhisper: false, hasRust: true, hasNode: true },
};
for (const [name, { hasWhisper, hasRust, hasNode }] of Object.entries(shells)) {
  test(`the shell ${name} has its tools, and prints ${hasWhisper ? 'one line' : 'nothing'}`, needsNix, async () => {
    const nix = flake();
    const develop = `nix develop .#${name} --command`;
    await nix.out(`${develop} true`);
    const before = await nix.out('find "$HOME" .');
    const { code, stdout, stderr } = await nix.sh(`${develop} bash -c 'type -p ${NAMES.join(' ')}; true'`);
    assert.deepEqual([code, stderr], [0, hasWhisper ? LINE : '']);
    const inStore = stdout.split('\n').filter((path) => path.startsWith(nix.scratch.path));
    assert.equal(inStore.length, hasWhisper ? NAMES.length : 0, stdout);
    assert.equal(await nix.out('find "$HOME" .'), before, 'a side effect');
    if (hasRust) assert.equal(await nix.out(`${develop} rustc`), RUST);
    const node = await nix.out(`${develop} bash -c 'type -p node'`);
    assert.equal(node.endsWith('-nodejs/bin/node\n'), hasNode);
  });
}

test('whisper list in the shell shows the list', needsNix, async () => {
  const nix = flake();
  assert.match(
    await nix.out('nix develop .#whisper --command whisper list'),
    /^. base\.en-q5_1 .*\n(?:.*\n)*0 B used/m,
  );
  const models = await nix.out(`nix develop .#whisper --command bash -c 'echo "$WHISPER_MODELS_PATH"'`);
  assert.equal(models, `${nix.scratch.path}/home/.local/share/whisper/models\n`);
  const own = await nix.out(`nix develop .#whisper --command bash -c 'echo "$WHISPER_MODELS_PATH"'`, {
    env: { WHISPER_MODELS_PATH: '/elsewhere' },
  });
  assert.equal(own, '/elsewhere\n');
});

test('the targets at the top of rust-env.nix are the toolchain’s', needsNix, async (t) => {
  const nix = NixFlake.create(t);
  const text = nix.read('nix/rust-env.nix').replace('targets = [ ]', 'targets = [ "wasm32-unknown-unknown" ]');
  nix.scratch.write('whisper/nix/rust-env.nix', text);
  assert.equal(await nix.out('nix develop .#rust --command rustc'), `${RUST.trim()} wasm32-unknown-unknown\n`);
});

test('without rust-overlay, the toolchain is from nixpkgs', needsNix, async (t) => {
  const nix = NixFlake.create(t, { withoutRustOverlay: true });
  const names = await nix.out(`nix develop .#ci --command bash -c 'echo "$nativeBuildInputs"'`);
  for (const name of ['rustc', 'cargo', 'clippy', 'rustfmt', 'rust-analyzer', 'cmake', 'alsa-lib']) {
    assert.match(names, new RegExp(`-${name}\\b`));
  }
  assert.doesNotMatch(names, /-(?:rust-toolchain|duckdb|whisper-models)\b/);
  const elsewhere = await nix.out('nix eval --json .#devShells.aarch64-darwin.rust.nativeBuildInputs');
  assert.doesNotMatch(elsewhere, /alsa-lib/);
  assert.match(elsewhere, /cargo-watch/);
});

test('a module is a shell without flakes too', needsNix, async () => {
  const nix = flake();
  const env = { NIX_PATH: `nixpkgs=${nix.nixpkgs}` };
  const rust = `nix-shell nix/rust-env.nix -A shell --arg pkgs 'import <nixpkgs> { }' --run 'type -p just; echo "$LIBCLANG_PATH"'`;
  assert.match(await nix.out(rust, { env }), /-clang\/lib\n$/);
  const overlaid = `nix-shell nix/whisper-manager.nix -A shell --run 'whisper-list --json'`;
  const pkgs = `--arg pkgs 'import <nixpkgs> { overlays = [ (import ./nix/overlay.nix) ]; }'`;
  const { stdout, stderr } = await nix.sh(`${overlaid} ${pkgs}`, { env });
  assert.equal(JSON.parse(stdout).registry.source, 'static', stderr);
});

test('bindgen finds libclang in a separate output', needsNix, () => {
  const module = join(resolve(import.meta.dirname, '../../..'), 'nix/rust-env.nix');
  const pkgs = '{ clang.cc.lib = "/nix/store/clang-lib"; }';
  const flags = ['--eval', '--strict', '--store', 'dummy://', '-A', 'shellHook', '--arg', 'pkgs', pkgs];
  const hook = execFileSync('nix-instantiate', [...flags, module], { encoding: 'utf8' });
  assert.match(hook, /LIBCLANG_PATH=\\"\/nix\/store\/clang-lib\/lib\\"/);
});
