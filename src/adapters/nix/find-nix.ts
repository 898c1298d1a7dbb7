import { nixNotInstalled } from '../../core/messages/evaluation.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { findProgram, runLimited } from '../process/run-program.ts';

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

/** The version of the Nix that evaluates, like `2.34.8`; `undefined` where it does not say one. */
export async function nixVersion({ environment, cwd, signal }: NixHost, program: string): Promise<string | undefined> {
  const env = { PATH: environment['PATH'] };
  const { ended, stdout } = await runLimited(program, ['--version'], { cwd, env }, signal);
  return ended === 'well' ? /\d+(?:\.\d+)+\S*/.exec(stdout)?.[0] : undefined;
}
