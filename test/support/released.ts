import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { main } from '../../src/main.ts';

const CHECKOUT = resolve(import.meta.dirname, '../../..');

/** The folder of the package whose program the tests run: this checkout, or one that npm has installed. */
export const PACKAGE = resolve(process.env['WHISPER_TESTS_PROGRAM'] ?? CHECKOUT);

/** The folder of the program, and the file that starts it. */
export const BIN = join(PACKAGE, 'dist/bin');
export const MAIN = join(BIN, 'main.cjs');

/** The program with fault points, which only a checkout has. */
export const MAIN_WITH_FAULT_POINTS = join(CHECKOUT, 'dist/bin-fault-points/main.cjs');

/** The program as it is released, loaded into this process: all but the file that starts it. */
export function released(): { readonly main: typeof main } {
  const program = join(BIN, 'program.cjs');
  assert.ok(existsSync(program), 'build the project first: npm run build');
  return createRequire(program)(program) as { readonly main: typeof main };
}
