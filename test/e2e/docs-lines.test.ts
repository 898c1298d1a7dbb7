import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { hubProject } from '../support/hub-project.ts';
import { needsNix } from '../support/nix.ts';
import { nixIn } from '../support/nix-store.ts';
import { blocks, page, PAGES } from '../support/pages.ts';
import { MAIN } from '../support/released.ts';

const MODELS = { 'ggml-base.en-q5_1.bin': 70_000, 'ggml-small.en-q5_1.bin': 9000 };

/** Pages whose lines begin where nothing was downloaded yet. */
const FROM_NOTHING: ReadonlySet<string> = new Set(['exit-codes.md']);

/** The command lines of a page, in their order, each with the exit code that its comment says. */
function linesOf(name: string): readonly { readonly line: string; readonly code: number }[] {
  const lines = blocks(page(name), 'sh').flatMap((block) => block.trimEnd().split('\n'));
  return lines.map((text) => ({
    line: text.replace(/\s+# .*$/, ''),
    code: Number(/# exits with (\d+)/.exec(text)?.[1] ?? 0),
  }));
}

interface Place {
  readonly models: string;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** A line with addresses and folders of this test in place of made-up ones. */
  readonly here: (line: string) => string;
}

/** A project in a repository of git, in a shell that finds the built program as `whisper`. */
async function place(t: TestContext): Promise<Place> {
  const { scratch, hub, env } = await hubProject(t, MODELS, Object.keys(MODELS));
  const cwd = scratch.path;
  scratch.write('bin/whisper', `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, 0o755);
  mkdirSync(join(cwd, 'nix-1'));
  const shell = {
    ...nixIn(join(cwd, 'nix-1')),
    ...env,
    PATH: join(cwd, 'bin') + delimiter + (process.env['PATH'] ?? ''),
    HOME: cwd,
    WHISPER_MODELS_PATH: scratch.models,
    GIT_CONFIG_GLOBAL: join(cwd, 'gitconfig'),
  };
  execFileSync('git', ['init', '-q'], { cwd, env: shell });
  const here = (line: string): string =>
    line
      .replace('https://hub.example.org', hub.endpoint)
      .replace('https://models.example.org', `file://${join(cwd, 'cache')}`)
      .replace('/srv/models', join(cwd, 'cache'))
      .replace('/srv/other', join(cwd, 'other'));
  return { models: scratch.models, env: shell, cwd, here };
}

/** Runs a line to its end. A session that watches is interrupted once it is there. */
async function runLine(line: string, { env, cwd, here }: Place): Promise<{ code: number | null; said: string }> {
  const isWatch = line.startsWith('whisper watch');
  const child: ChildProcess = spawn('bash', ['-c', isWatch ? `exec ${line}` : here(line)], { cwd, env });
  let said = '';
  let isThere = false;
  const listen = (chunk: Buffer): void => {
    said += chunk.toString();
    // Once: a second Ctrl-C ends a program that does not end by itself.
    if (isWatch && !isThere && said.includes('watching')) isThere = child.kill('SIGINT');
  };
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  child.stdin?.end();
  const code = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  return { code, said };
}

for (const name of PAGES) {
  const lines = linesOf(name);
  if (lines.length === 0) continue;
  const options = lines.some(({ line }) => line.startsWith('whisper push')) ? needsNix : {};
  test(`every command line of ${name} does what it says`, options, async (t) => {
    const project = await place(t);
    if (!FROM_NOTHING.has(name)) assert.equal((await runLine('whisper sync', project)).code, 0);
    for (const { line, code } of lines) {
      const isSync = line.endsWith('whisper sync');
      // So that there is something to bring.
      if (isSync) rmSync(project.models, { recursive: true, force: true });
      const ran = await runLine(line, project);
      assert.equal(ran.code, line === 'whisper watch' ? 130 : code, `${line}\n${ran.said}`);
      if (isSync)
        assert.ok(
          readdirSync(project.models).some((file) => file.endsWith('.bin')),
          line,
        );
    }
  });
}
