import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { noNixProgram } from '../core/messages/evaluation.ts';

/** The path of a program of Nix that is needed for `use`; throws `nix-missing` (exit 3) where PATH has none. */
export function findNix(
  environment: Readonly<Record<string, string | undefined>>,
  program: 'nix' | 'nix-instantiate' | 'nix-store',
  use: 'evaluation' | 'push' = 'evaluation',
): string {
  for (const folder of (environment['PATH'] ?? '').split(':')) {
    const path = join(folder, program);
    if (isAbsolute(folder) && isExecutable(path)) return path;
  }
  throw noNixProgram(program, use);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
