import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isWorthKeeping, keep, keptName, privateFolder, readKept } from './kept-code.ts';
import { loadProgram } from './program.ts';

// The file that is started, dist/bin/main.cjs. It runs the program beside it, with what V8 kept of an earlier compilation:
// compiling takes a third of the time of a short command. A clone and a Nix package have the kept code beside the program, from the
// build. Elsewhere the user's cache folder has it: from Node 22 on, Node itself keeps it there.

const folder = dirname(import.meta.filename);
const file = join(folder, 'program.cjs');
const program = process.env['WHISPER_CODE_CACHE'] ?? '';
void start();

async function start(): Promise<void> {
  process.exitCode = await load()();
}

function load(): () => Promise<number> {
  const require = createRequire(file);
  const built = readKept(join(folder, keptName(program)));
  if (built) return loadProgram(file, require, built).main;
  const cacheFolder = privateFolder(process.env);
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache) {
    if (cacheFolder !== undefined) enableCompileCache(cacheFolder);
    return (require(file) as ReturnType<typeof loadProgram>).main;
  }
  const kept = cacheFolder === undefined ? undefined : readKept(join(cacheFolder, keptName(program)));
  const { script, main } = loadProgram(file, require, kept);
  const isCompiled = !kept || script.cachedDataRejected === true;
  if (cacheFolder !== undefined && isCompiled && isWorthKeeping(process.argv))
    process.on('exit', () => keep(cacheFolder, program, script.createCachedData()));
  return main;
}
