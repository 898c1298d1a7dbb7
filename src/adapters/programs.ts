import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../core/registry/string-value.ts';

/** The absolute path of a program on PATH; `undefined` where PATH has none. */
export function findProgram(environment: Environment, name: string): string | undefined {
  return searchPath(environment)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

/**
 * The folders of PATH. An entry that is empty or relative is left out: it would make the working directory, which may be a
 * repository of someone else, a place to run programs from.
 */
export function searchPath(environment: Environment): readonly string[] {
  return (environment['PATH'] ?? '').split(':').filter(isAbsolute);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
