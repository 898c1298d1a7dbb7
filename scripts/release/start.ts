import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadProgram } from './program.ts';

// The file that is started, dist/bin/main.cjs. It runs the program beside it, with what V8 kept of an earlier compilation where
// that is of this very text and this very V8: compiling is a tenth of the time that a short command takes.

const folder = dirname(import.meta.filename);
const file = join(folder, 'program.cjs');
void start();

async function start(): Promise<void> {
  process.exitCode = await loadProgram(file, createRequire(file), cached()).main();
}

/** V8 does not notice that a bit is another one. The data stand there twice, because comparing takes less time than any sum. */
function cached(): Buffer | undefined {
  try {
    const kept = readFileSync(join(folder, process.env['WHISPER_CODE_CACHE'] ?? ''));
    const [one, other] = [kept.subarray(0, kept.length / 2), kept.subarray(kept.length / 2)];
    return one.equals(other) ? one : undefined;
  } catch {
    // Made when the program was built or installed, or not at all: it is compiled then.
    return undefined;
  }
}
