import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { NixFlake } from '../support/nix-flake.ts';
import { needsNix } from '../support/nix.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const GUIDE = readFileSync(join(ROOT, 'nix/README.md'), 'utf8');
const BASE = 'ggml-base.en-q5_1.bin';
const SMALL = 'ggml-small.en-q5_1.bin';

/** Every command line of the guide, in its order, with what its output has to say. */
const LINES: readonly [line: string, says: RegExp][] = [
  ['nix develop', /^/],
  ['nix develop .#whisper', /^/],
  ['nix develop .#rust', /^/],
  ['nix develop .#ci', /^/],
  ['nix run . -- list', /^○ base\.en-q5_1 /m],
  ['whisper list', /^○ base\.en-q5_1 /m],
  ['whisper download small.en-q5_1', /small\.en-q5_1/],
  ['whisper prune', /^/],
  ['whisper sync', /base\.en-q5_1/],
  ['whisper download small.en-q5_1', /small\.en-q5_1/],
  ['whisper remove small.en-q5_1', /small\.en-q5_1/],
  ['whisper prune', /small\.en-q5_1/],
  ['whisper lock', /^/],
  ['git add nix/whisper-models.lock.json', /^/],
  ['nix-store --add-fixed sha256 "$WHISPER_MODELS_PATH"/*.bin', /-ggml-base\.en-q5_1\.bin$/m],
  ['nix build .#models', /^/],
  ['whisper push /srv/models', /^/],
  ['WHISPER_SUBSTITUTERS=https://models.example.org whisper sync', /^/],
  ['nix build --option extra-substituters https://models.example.org .#models', /^/],
  ['HF_ENDPOINT=https://hub.example.org nix build --impure .#models', /^/],
  ['WHISPER_MODELS_PATH=$PWD/result whisper list', /^● base\.en-q5_1 /m],
  [`nix-shell nix/rust-env.nix -A shell --arg pkgs 'import <nixpkgs> { }'`, /^/],
  ['git add nix/python-env.nix', /^/],
  ['nix develop .#python', /^/],
  ['whisper list --attr .#lib.activeModels', /base\.en-q5_1 /],
  ['nix flake init --template github:OWNER/whisper', /^/],
  ['whisper doctor', /^/],
  ['nix eval --json .#lib.activeModels', /^\["ggml-base\.en-q5_1\.bin"\]/],
  ['nix flake show', /whisper-models/],
  ['nix flake check --show-trace', /^/],
  ['nix log .#whisper', /^/],
];

/** The code blocks of the guide in one language. */
function blocks(language: string): readonly string[] {
  return [...GUIDE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

test('the table has every command line of the guide, in its order, and no other', () => {
  const lines = blocks('sh').flatMap((block) => block.trimEnd().split('\n'));
  assert.deepEqual(
    lines.map((line) => line.replace(/\s+# .*$/, '')),
    LINES.map(([line]) => line),
  );
});

test('the Nix texts of the guide are such', needsNix, () => {
  for (const block of blocks('nix')) {
    const value = block.trimEnd().endsWith(';') ? `{\n${block}}` : block;
    const text = `{ nixpkgs, pkgs, system, whisper }:\n${value}`;
    const { status, stderr } = spawnSync('nix-instantiate', ['--parse', '--store', 'dummy://', '-'], {
      input: text,
      encoding: 'utf8',
    });
    assert.equal(status, 0, `${text}\n${stderr}`);
  }
});

test('every command line of the guide does what it says', needsNix, async (t) => {
  const nix = NixFlake.create(t);
  const { env, models, hub } = await hubProject(t, { [BASE]: 70_000, [SMALL]: 9000 });
  const pins = [models[BASE]?.entry].map((entry) => ({ ...entry, sha256: sri(entry?.sha256 ?? '') }));
  nix.scratch.write('whisper/nix/whisper-models.lock.json', JSON.stringify({ version: 1, models: pins }));
  const [python = '', shell = ''] = blocks('nix').filter((text) => text.includes('python-env.nix'));
  nix.scratch.write('whisper/nix/python-env.nix', python);
  const shells = nix.read('nix/shells.nix').replace('  whisper = whisper.shell;\n', (found) => found + shell);
  assert.match(shells, /python-env\.nix/);
  nix.scratch.write('whisper/nix/shells.nix', shells);
  await nix.out('git init --quiet && git add --all && git rm --quiet --cached nix/python-env.nix');

  const cache = join(nix.scratch.path, 'cache');
  const here = (line: string): string =>
    line
      .replace('github:OWNER/whisper', `path:${nix.path}`)
      .replace('https://hub.example.org', hub.endpoint)
      .replace('https://models.example.org', `file://${cache}`)
      .replace('/srv/models', cache);
  nix.scratch.write('new-project/.keep', '');
  for (const [line, says] of LINES) {
    const inShell = /\bwhisper \w|\$WHISPER/.test(line) && !line.startsWith('nix ');
    nix.scratch.write('line.sh', `${here(line)}\n`);
    const script = `bash ${join(nix.scratch.path, 'line.sh')}`;
    const { code, stdout, stderr } = await nix.sh(inShell ? `nix develop .#whisper --command ${script}` : script, {
      env: { ...env, NIX_PATH: `nixpkgs=${nix.nixpkgs}` },
      cwd: line.includes('flake init') ? join(nix.scratch.path, 'new-project') : nix.path,
    });
    assert.equal(code, 0, `${line}\n${stdout}${stderr}`);
    assert.match(stdout, says, line);
  }
  const folder = join(nix.path, 'result');
  assert.deepEqual(readFileSync(join(folder, BASE)), models[BASE]?.content);
});

function sri(hex: string): string {
  return `sha256-${Buffer.from(hex, 'hex').toString('base64')}`;
}
