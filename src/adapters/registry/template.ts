import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The registry that comes with the program: the module of its own repository. */
export function readTemplate(): string {
  return readFileSync(createRequire(import.meta.url).resolve('#template'), 'utf8');
}
