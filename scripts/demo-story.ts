import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { FakeHub } from '../test/support/fake-hub/fake-hub.ts';

// The story of the README, run for real: the built program, a project in a temporary folder, and a hub on this machine
// that speaks the public one's protocol. The models have real names and made-up bytes, so that nothing is downloaded.

const ROOT = resolve(import.meta.dirname, '../..');
const REPO = 'ggerganov/whisper.cpp';
const REVISION = '5359861c739e955e79d9a303bcbc70fb988958b1';
const MODELS = [
  { file: 'ggml-base.en-q5_1.bin', size: 6_000_000, seed: 1 },
  { file: 'ggml-small.en-q5_1.bin', size: 19_000_000, seed: 2 },
];
const OWN = { repo: 'example/lectures-ggml', path: 'ggml-model.bin', name: 'lectures', size: 9_000_000, seed: 3 };
const REGISTRY = `{ pkgs }:
let
  # Configuration at the top
  activeModels = [
    "ggml-base.en-q5_1.bin"        # Keep this
    # "ggml-small.en-q5_1.bin"     # Commented out = will be pruned
  ];
in
{
  inherit activeModels;
}
`;

const project = mkdtempSync(join(tmpdir(), 'whisper-demo-'));
const registry = join(project, 'nix', 'whisper-manager.nix');
const models = join(project, 'models');
const hub = await FakeHub.start();
try {
  await tellStory();
} finally {
  await hub.close();
  rmSync(project, { recursive: true, force: true });
}

async function tellStory(): Promise<void> {
  const entries = MODELS.map(({ file, size, seed }) => {
    const { sha256 } = hub.put({ repo: REPO, path: file, revision: REVISION, content: { size, seed } });
    return { file, repo: REPO, revision: REVISION, size, sha256 };
  });
  const { repo, path, size, seed } = OWN;
  const own = hub.put({ repo, path, revision: REVISION, content: { size, seed } });
  hub.branch(repo, 'main', REVISION);
  const catalogue = join(project, 'catalogue.json');
  writeFileSync(catalogue, JSON.stringify({ models: entries }));
  mkdirSync(join(project, 'nix'));
  writeFileSync(registry, REGISTRY);
  const env = { HF_ENDPOINT: hub.endpoint, WHISPER_MODELS_PATH: models, WHISPER_CATALOG: catalogue };
  const whisper = (...args: string[]): Promise<void> => runWhisper(args, env);

  tell('The registry of a project, nix/whisper-manager.nix, holds a list of models:');
  show(REGISTRY.trimEnd());
  tell('whisper list compares listed and downloaded models:');
  await whisper('list');
  tell('whisper sync downloads the listed models:');
  await whisper('sync');
  tell('whisper download verifies a model and adds it to the list: it uncomments the line and changes nothing else.');
  await whisper('download', 'small.en-q5_1');
  await showChange(REGISTRY);
  await whisper('list');
  tell(
    'A model that the catalogue does not have is downloaded by its address. Its source is written next to the list, with its hash:',
  );
  const listed = readFileSync(registry, 'utf8');
  await whisper('download', `${OWN.repo}/${OWN.path}`, '--as', OWN.name);
  await showChange(listed);
  tell('Now we comment out the first model in an editor:');
  const before = readFileSync(registry, 'utf8');
  writeFileSync(registry, before.replace('    "ggml-base', '    # "ggml-base'));
  await showChange(before);
  tell('whisper prune removes it:');
  await whisper('prune');
  await whisper('list');
  checkEnd([...entries, own]);
  tell('This was the real program with a local hub. To use the public hub:');
  show('npm ci && npm link    # or: nix develop\nwhisper init          # in your project\nwhisper sync');
}

async function runWhisper(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  process.stdout.write(`${styleText('bold', `$ whisper ${args.join(' ')}`)}\n`);
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'bin', 'main.cjs'), ...args], {
    cwd: project,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  assert.equal(code, 0, `whisper ${args.join(' ')} ended with ${code}`);
}

async function showChange(before: string): Promise<void> {
  const old = join(project, 'before.nix');
  writeFileSync(old, before);
  const { stdout } = spawnSync(
    'diff',
    ['-U1', '--label', 'before', '--label', 'nix/whisper-manager.nix', old, registry],
    { encoding: 'utf8' },
  );
  show(stdout.trimEnd());
}

/** The demo proves what it tells: the right file, with the right bytes, and only that. */
function checkEnd(entries: readonly { readonly sha256: string }[]): void {
  assert.deepEqual(
    readdirSync(models).filter((name) => name !== '.whisper'),
    [`ggml-${OWN.name}.bin`, 'ggml-small.en-q5_1.bin'],
  );
  for (const [file, sha256] of [
    ['ggml-small.en-q5_1.bin', entries[1]?.sha256],
    [`ggml-${OWN.name}.bin`, entries[2]?.sha256],
  ] as const) {
    const path = join(models, file);
    assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), sha256);
    assert.equal(statSync(path).mode & 0o777, 0o444);
  }
  assert.equal(hub.leaks.length, 0);
}

function tell(text: string): void {
  process.stdout.write(`\n${styleText('cyan', text)}\n\n`);
}

function show(text: string): void {
  process.stdout.write(`${text.replace(/^/gm, '  ')}\n\n`);
}
