import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pair, timeProcess } from './measure.ts';

/** One row of the table: what was measured, the result, and the bound that it should meet. */
export interface Row {
  readonly what: string;
  readonly result: string;
  readonly bound: string;
}

export const MAIN = resolve(import.meta.dirname, '../bin/main.cjs');

export async function listRow(): Promise<Row> {
  return inScratch(async (folder) => {
    writeRegistry(folder, ['ggml-base.en-q5_1.bin']);
    const list = (): Promise<number> =>
      timeProcess(process.execPath, [MAIN, 'list'], { cwd: folder, env: environment(folder) });
    const { ours, theirs, ratio } = await pair(30, list, () =>
      timeProcess(process.execPath, ['-e', '0'], { env: environment(folder) }),
    );
    return {
      what: '`whisper list`, whole process',
      result: `${times(ratio)} \`node -e 0\` (${ms(ours)} against ${ms(theirs)})`,
      bound: '≤ 1.5 ×',
    };
  });
}

/** The command that an editor runs after each save, with nothing to do. */
export async function triggerRow(): Promise<Row> {
  return inScratch(async (folder) => {
    writeRegistry(folder, ['ggml-base.en-q5_1.bin']);
    mkdirSync(join(folder, 'models'));
    const file = join(folder, 'nix', 'whisper-manager.nix');
    const run = (args: readonly string[]): Promise<number> =>
      timeProcess(process.execPath, [MAIN, ...args], { cwd: folder, env: environment(folder) });
    const { ours, theirs, ratio } = await pair(
      30,
      () => run(['prune', '--quiet', '--file', file]),
      () => run(['list']),
    );
    return {
      what: '`whisper prune --quiet --file FILE` with nothing to do',
      result: `${times(ratio)} \`whisper list\` (${ms(ours)} against ${ms(theirs)})`,
      bound: 'as fast',
    };
  });
}

/** The time of one evaluation, compared with Nix alone. */
export async function computedRow(): Promise<Row> {
  return inScratch(async (folder) => {
    const file = join(folder, 'nix', 'whisper-manager.nix');
    const list = (): Promise<number> =>
      timeProcess(process.execPath, [MAIN, 'list'], { cwd: folder, env: environment(folder) });
    writeRegistry(folder, ['ggml-base.en-q5_1.bin']);
    const nix = (): Promise<number> =>
      timeProcess('nix-instantiate', [
        '--eval',
        '--strict',
        '--json',
        '--store',
        'dummy://',
        file,
        '-A',
        'activeModels',
      ]);
    const { ours: plain, theirs: asking } = await pair(15, list, nix);
    writeFileSync(file, '{ activeModels = map (n: "ggml-${n}.bin") [ "base" "tiny" ]; }');
    const { ours: computed } = await pair(15, list, nix);
    return {
      what: '`whisper list` of a computed list',
      result: `${ms(computed - plain)} more than of a plain one, where Nix alone takes ${ms(asking)}`,
      bound: 'one evaluation',
    };
  });
}

export async function pruneRow(): Promise<Row> {
  const count = 10_000;
  return inScratch(async (folder) => {
    writeRegistry(folder, ['ggml-base.en-q5_1.bin']);
    const models = join(folder, 'models');
    const fill = (): void => {
      mkdirSync(models, { recursive: true });
      for (let index = 0; index < count; index += 1) writeFileSync(join(models, `ggml-${index}.bin`), 'lmgg');
    };
    const entries = Array.from({ length: count }, (_, index) => ({ file: `ggml-${index}.bin`, repo: 'a/b', size: 4 }));
    writeFileSync(join(folder, 'catalogue.json'), JSON.stringify({ models: entries }));
    const env = { ...environment(folder), WHISPER_CATALOG: join(folder, 'catalogue.json') };
    const prune = async (): Promise<number> => {
      fill();
      return timeProcess(process.execPath, [MAIN, 'prune', '--quiet'], { cwd: folder, env });
    };
    const remove = async (): Promise<number> => {
      fill();
      return timeProcess('sh', ['-c', `find ${models} -name 'ggml-*.bin' -print0 | xargs -0 rm -f`]);
    };
    const { ours, theirs, ratio } = await pair(5, prune, remove);
    return {
      what: 'prune of 10,000 files',
      result: `${times(ratio)} \`rm\` (${ms(ours)} against ${ms(theirs)})`,
      bound: '≤ 2 ×',
    };
  });
}

/** A dry run over a large directory that many registries use, compared with an empty one. */
export async function planRow(): Promise<Row> {
  const [files, roots] = [10_000, 1000];
  return inScratch(async (folder) => {
    writeRegistry(folder, ['ggml-0.bin']);
    const [models, notes] = [join(folder, 'models'), join(folder, 'models', '.whisper', 'roots')];
    mkdirSync(notes, { recursive: true });
    for (let index = 0; index < files; index += 1) writeFileSync(join(models, `ggml-${index}.bin`), 'lmgg');
    for (let index = 0; index < roots; index += 1) {
      const tree = join(folder, 'trees', String(index));
      writeRegistry(tree, [`ggml-${index}.bin`, `ggml-${index + roots}.bin`]);
      const file = join(tree, 'nix', 'whisper-manager.nix');
      writeFileSync(join(notes, `${index}.json`), JSON.stringify({ file }));
    }
    const entries = Array.from({ length: files }, (_, index) => ({ file: `ggml-${index}.bin`, repo: 'a/b', size: 4 }));
    writeFileSync(join(folder, 'catalogue.json'), JSON.stringify({ models: entries }));
    const run = (modelsDir: string): Promise<number> => {
      const catalogue = join(folder, 'catalogue.json');
      const env = { ...environment(folder), WHISPER_CATALOG: catalogue, WHISPER_MODELS_PATH: modelsDir };
      return timeProcess(process.execPath, [MAIN, 'prune', '--dry-run', '--quiet'], { cwd: folder, env });
    };
    const { ours, theirs } = await pair(
      10,
      () => run(models),
      () => run(join(folder, 'none')),
    );
    return {
      what: 'a plan over 10,000 files and 1,000 roots',
      result: `${ms(ours - theirs)} more than over none (${ms(ours)} against ${ms(theirs)})`,
      bound: '≤ 300 ms',
    };
  });
}

export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'whisper-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function writeRegistry(folder: string, names: readonly string[]): void {
  mkdirSync(join(folder, 'nix'), { recursive: true });
  writeFileSync(
    join(folder, 'nix', 'whisper-manager.nix'),
    `{ activeModels = [ ${names.map((name) => `"${name}"`).join(' ')} ]; }\n`,
  );
}

export function environment(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, HOME: folder, WHISPER_MODELS_PATH: join(folder, 'models') };
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

export function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
