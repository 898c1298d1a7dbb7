import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { FakeHub } from '../test/support/fake-hub/fake-hub.ts';

// Runs the program that npm has installed in a prefix, from a folder elsewhere, by its names, with a hub on this machine:
// node dist/scripts/installed-story.js PREFIX

type Child = ChildProcessByStdio<null, Readable, null>;

const [, , prefix = ''] = process.argv;
const MANIFEST = resolve(import.meta.dirname, '../../package.json');
const { version, bin } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string; bin: Record<string, string> };
const REPO = 'ggerganov/whisper.cpp';
const BASE = 'ggml-base.en-q5_1.bin';
const SMALL = 'ggml-small.en-q5_1.bin';

const project = mkdtempSync(join(tmpdir(), 'whisper-installed-'));
const registry = join(project, 'nix/whisper-manager.nix');
const models = join(project, 'models');
const hub = await FakeHub.start();
try {
  await story();
} finally {
  await hub.close();
  rmSync(project, { recursive: true, force: true });
}

async function story(): Promise<void> {
  const known = [BASE, SMALL].map((file, seed) => {
    const { sha256, revision, size } = hub.put({ repo: REPO, path: file, content: { size: 300_000 + seed, seed } });
    return { file, repo: REPO, revision, size, sha256 };
  });
  writeFileSync(join(project, 'catalogue.json'), JSON.stringify({ models: known }));

  for (const name of Object.keys(bin)) assert.equal(await ends(0, name, '--version'), `${version}\n`);
  const page = join(prefix, 'lib/node_modules/whisper-models/dist/man/whisper.1');
  assert.match(readFileSync(page, 'utf8'), /^\.TH WHISPER 1 /);
  await ends(3, 'whisper', 'list');
  await ends(2, 'whisper', 'list', '--none');
  await ends(0, 'whisper', 'init');
  const listed = JSON.parse(await ends(0, 'whisper-list', '--json', '--no-eval')) as { registry: object };
  assert.deepEqual(listed.registry, { file: registry, source: 'static', active: [BASE] });
  await ends(8, 'whisper', 'check');
  await ends(0, 'whisper', 'sync');
  await ends(0, 'whisper-download', 'small.en-q5_1');
  await ends(0, 'whisper', 'check');
  await ends(0, 'whisper', 'lock');
  await ends(0, 'whisper', 'verify');
  assert.equal(await ends(0, 'whisper', 'path', 'small.en-q5_1'), `${join(models, SMALL)}\n`);
  await ends(0, 'whisper', 'remove', 'small.en-q5_1');
  await ends(8, 'whisper', 'prune', '--dry-run', '--exit-code');
  await ends(0, 'whisper-prune');
  assert.ok(!existsSync(join(models, SMALL)) && existsSync(join(models, BASE)));
  await follow();
  await ends(0, 'whisper-manager', 'doctor');
  assert.equal(hub.leaks.length, 0);
}

/** A session that fetches what was added, and prunes what is commented out. */
async function follow(): Promise<void> {
  const child = start('whisper', ['watch', '--download', '--allow-empty', '--json']);
  // A story that stands still has failed.
  const patience = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const events = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const until = async (wanted: string): Promise<void> => {
    for (;;) {
      const { value, done } = await events.next();
      assert.ok(done !== true, `the session ended before ${wanted}`);
      if ((JSON.parse(value) as { event: string }).event === wanted) return;
    }
  };
  await until('ready');
  await ends(0, 'whisper', 'add', 'small.en-q5_1');
  await until('download');
  assert.ok(existsSync(join(models, SMALL)));
  const text = readFileSync(registry, 'utf8');
  assert.ok(text.includes(`\n    "${SMALL}"`));
  writeFileSync(registry, text.replace(`\n    "${SMALL}"`, `\n    # "${SMALL}"`));
  await until('prune');
  assert.ok(!existsSync(join(models, SMALL)));
  const ended = endOf(child);
  child.kill('SIGINT');
  await until('stop');
  assert.equal(await ended, 130);
  clearTimeout(patience);
}

/** Runs a program of the package, which has to end with that exit code; what it printed. */
async function ends(code: number, program: string, ...args: readonly string[]): Promise<string> {
  const child = start(program, args);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const line = [program, ...args].join(' ');
  assert.equal(await endOf(child), code, `${line}\n${output}`);
  process.stderr.write(`  ${code}  ${line}\n`);
  return output;
}

function start(program: string, args: readonly string[]): Child {
  return spawn(join(prefix, 'bin', program), args, {
    cwd: project,
    env: {
      PATH: process.env['PATH'],
      HOME: project,
      HF_ENDPOINT: hub.endpoint,
      WHISPER_MODELS_PATH: models,
      WHISPER_CATALOG: join(project, 'catalogue.json'),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function endOf(child: Child): Promise<number | null> {
  return new Promise((done, fail) => child.on('error', fail).on('close', done));
}
