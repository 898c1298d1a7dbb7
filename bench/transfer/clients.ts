import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findProgram } from '../../test/support/needs.ts';
import { measureProcess, type Usage } from '../usage.ts';
import { REPO, REVISION, type Sample } from './samples.ts';

/** The files to download, and an empty directory for them. */
export interface Task {
  readonly endpoint: string;
  readonly samples: readonly Sample[];
  readonly folder: string;
}

/** A program that downloads; each brings all samples of a task with one command. */
export interface Client {
  readonly name: string;
  /** The commands that it needs, and their Debian packages. */
  readonly needs?: readonly { readonly command: string; readonly package: string }[];
  prepare(task: Task): void;
  command(task: Task): readonly string[];
  /** Where it leaves a sample. */
  result(task: Task, sample: Sample): string;
}

const MAIN = resolve(import.meta.dirname, '../../bin/main.cjs');
const address = ({ endpoint }: Task, { path }: Sample): string => `${endpoint}/${path}`;
const plain = { prepare: () => {}, result: ({ folder }: Task, { file }: Sample) => join(folder, file) };
const CURL = { command: 'curl', package: 'curl' };

export const whisper: Client = {
  name: '`whisper download`',
  prepare: ({ folder, samples }) => {
    mkdirSync(join(folder, 'nix'), { recursive: true });
    writeFileSync(join(folder, 'nix', 'whisper-manager.nix'), '{ activeModels = [ ]; }\n');
    const models = samples.map(({ file, size, sha256 }) => ({ file, repo: REPO, revision: REVISION, size, sha256 }));
    writeFileSync(join(folder, 'catalogue.json'), JSON.stringify({ models }));
  },
  command: ({ samples }) => [process.execPath, MAIN, 'download', '--quiet', ...samples.map(({ file }) => file)],
  result: ({ folder }, { file }) => join(folder, 'models', file),
};

export const curl: Client = {
  ...plain,
  name: '`curl -o`',
  needs: [CURL],
  command: (task) => ['curl', '-fsS', ...task.samples.flatMap((each) => ['-o', each.file, address(task, each)])],
};

export const curlLoop: Client = {
  ...plain,
  name: '`curl -o` in a loop',
  needs: [CURL],
  command: (task) => [
    'sh',
    '-c',
    task.samples.map((each) => `curl -fsSo ${each.file} ${address(task, each)}`).join(' && '),
  ],
};

export const curlAndHash: Client = {
  ...plain,
  name: '`curl -o && openssl dgst -sha256`',
  needs: [CURL, { command: 'openssl', package: 'openssl' }],
  command: (task) => [
    'sh',
    '-c',
    task.samples
      .map((each) => `curl -fsSo ${each.file} ${address(task, each)} && openssl dgst -sha256 ${each.file}`)
      .join(' && '),
  ],
};

export const wget: Client = {
  ...plain,
  name: '`wget`',
  needs: [{ command: 'wget', package: 'wget' }],
  command: (task) => ['wget', '-q', ...task.samples.map((each) => address(task, each))],
};

/** One file with many connections, or many files side by side. */
export const aria2: Client = {
  ...plain,
  name: '`aria2c -x8 -s8 -k1M`',
  needs: [{ command: 'aria2c', package: 'aria2' }],
  command: (task) => ['aria2c', ...ARIA2, '-x8', '-s8', '-k1M', ...task.samples.map((each) => address(task, each))],
};

export const aria2Files: Client = {
  ...aria2,
  name: '`aria2c -j8 -i`',
  prepare: (task) =>
    writeFileSync(join(task.folder, 'input'), task.samples.map((each) => `${address(task, each)}\n`).join('')),
  command: () => ['aria2c', ...ARIA2, '-j8', '-i', 'input'],
};

const ARIA2 = ['-q', '--no-conf', '--file-allocation=none'];

/** The packages that a client needs and that are not installed. */
export function missing({ needs = [] }: Client): readonly string[] {
  return needs.filter(({ command }) => findProgram(command) === undefined).map((need) => need.package);
}

/** The environment of whisper, without the user's own settings. */
export function environment({ endpoint, folder }: Task): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    HF_ENDPOINT: endpoint,
    WHISPER_CATALOG: join(folder, 'catalogue.json'),
    WHISPER_MODELS_PATH: join(folder, 'models'),
  };
}

/** One download into a new directory below `parent`, which is removed afterwards. */
export async function download(client: Client, parent: string, task: Omit<Task, 'folder'>): Promise<Usage> {
  return inFolder(parent, async (folder) => {
    const all = { ...task, folder };
    client.prepare(all);
    // Writes of an earlier run must not slow this one.
    execFileSync('sync');
    const usage = await measureProcess(client.command(all), { cwd: folder, env: environment(all) });
    requireComplete(client, all);
    return usage;
  });
}

/** A program that fails fast must not look like a fast one. */
export function requireComplete(client: Client, task: Task): void {
  for (const sample of task.samples) {
    const { size } = statSync(client.result(task, sample));
    if (size !== sample.size) throw new Error(`${client.name} left ${size} bytes of ${sample.size}`);
  }
}

export async function inFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(parent, 'bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
