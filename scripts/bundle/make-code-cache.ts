import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheName, twice } from './code-cache-file.ts';
import { loadProgram } from './program.ts';

// Keeps what V8 has compiled once `whisper list` has run, for this very V8, beside the program. A step of the build.

const folder = dirname(import.meta.filename);
const file = join(folder, 'program.cjs');
const scratch = mkdtempSync(join(tmpdir(), 'whisper-code-cache-'));
mkdirSync(join(scratch, 'models'));
writeFileSync(join(scratch, 'whisper-manager.nix'), '{ activeModels = [ "ggml-base.en-q5_1.bin" ]; }\n');
process.argv = [process.execPath, file, 'list', '--file', join(scratch, 'whisper-manager.nix')];
process.env['HOME'] = scratch;
process.env['WHISPER_MODELS_PATH'] = join(scratch, 'models');
const { script, main } = loadProgram(file, createRequire(file), undefined);
void main();
process.on('exit', () => {
  rmSync(scratch, { recursive: true, force: true });
  process.exitCode = 0;
  try {
    writeFileSync(join(folder, cacheName(process.env['WHISPER_CODE_CACHE'] ?? '')), twice(script.createCachedData()));
  } catch (error) {
    process.stderr.write(`The program starts without a code cache: ${String(error)}\n`);
  }
});
