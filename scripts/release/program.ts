import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

type Run = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** Runs a CommonJS file as Node would, which then is loaded for everybody. Returns its compiled script. */
export function program(file: string, require: NodeJS.Require, cachedData: Buffer | undefined): Script {
  // esbuild writes ASCII alone, which is the quickest to read so.
  const text = readFileSync(file, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename, __dirname) { ${text}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
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
  return script;
}
