import { nixNotInstalled } from '../../core/messages/evaluation.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { findProgram } from '../process/run-program.ts';

/** The path of a program of Nix that is needed for `use`; throws `nix-missing` (exit 3) where PATH has none. */
export function findNix(
  environment: Environment,
  program: 'nix' | 'nix-instantiate' | 'nix-store',
  use: 'evaluation' | 'push' = 'evaluation',
): string {
  const path = findProgram(environment, program);
  if (path === undefined) throw nixNotInstalled(program, use);
  return path;
}

export interface NixHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}
