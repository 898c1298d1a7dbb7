import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Script } from 'node:vm';
import type { main } from '../../src/main.ts';

type Run = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

export interface LoadedProgram {
  readonly script: Script;
  readonly main: typeof main;
}

/** Loads the program, a CommonJS file, as Node would, so that its parts can require it. Returns its compiled script too. */
export function loadProgram(file: string, require: NodeJS.Require, cachedData: Buffer | undefined): LoadedProgram {
  // esbuild writes ASCII alone, which is the quickest to read so.
  const text = readFileSync(file, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) { ${text}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} as { readonly main: typeof main } };
  require.cache[file] = Object.assign(module, {
    id: file,
    filename: file,
    path: dirname(file),
    loaded: true,
    paths: [],
    children: [],
    parent: undefined,
    isPreloading: false,
    require,
  });
  (script.runInThisContext() as Run)(module.exports, require, module, file, dirname(file));
  return { script, main: module.exports.main };
}
