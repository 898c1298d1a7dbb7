import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { main } from '../../src/main.ts';

const PROGRAM = resolve(import.meta.dirname, '../../bin/program.cjs');

/** The program as it is released, loaded into this process: all but the file that starts it. */
export function released(): { readonly main: typeof main } {
  assert.ok(existsSync(PROGRAM), 'build the project first: npm run build');
  return createRequire(PROGRAM)(PROGRAM) as { readonly main: typeof main };
}
