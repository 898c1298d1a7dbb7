import nodeModule, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isWorthCaching, writeCache, cacheName, privateCacheFolder, readCache } from './code-cache-file.ts';
import { loadProgram } from './program.ts';

// The file that is started, dist/bin/main.cjs. It runs the program beside it, with a V8 code cache: compiling takes a third of the
// time of a short command. A clone and a Nix package have the cache beside the program, from the build. Elsewhere it is in the
// user's cache folder: from Node 22 on, Node itself keeps it there.

const folder = dirname(import.meta.filename);
const file = join(folder, 'program.cjs');
const program = process.env['WHISPER_CODE_CACHE'] ?? '';
void start();

async function start(): Promise<void> {
  process.exitCode = await load()();
}

function load(): () => Promise<number> {
  const require = createRequire(file);
  const built = readCache(join(folder, cacheName(program)));
  if (built) return loadProgram(file, require, built).main;
  const cacheFolder = privateCacheFolder(process.env);
  const { enableCompileCache } = nodeModule as { readonly enableCompileCache?: (folder: string) => unknown };
  if (enableCompileCache) {
    if (cacheFolder !== undefined) enableCompileCache(cacheFolder);
    return (require(file) as ReturnType<typeof loadProgram>).main;
  }
  const cached = cacheFolder === undefined ? undefined : readCache(join(cacheFolder, cacheName(program)));
  const { script, main } = loadProgram(file, require, cached);
  const isCompiled = !cached || script.cachedDataRejected === true;
  if (cacheFolder !== undefined && isCompiled && isWorthCaching(process.argv))
    process.on('exit', () => writeCache(cacheFolder, program, script.createCachedData()));
  return main;
}
