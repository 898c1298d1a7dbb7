import { basename, dirname } from 'node:path';
import { readBlame, type Blame } from '../core/registry/blame.ts';
import type { Environment } from '../core/registry/string-value.ts';
import { runLimited } from './limited-process.ts';

// Nothing that a repository's own settings name is run: no filter, no monitor of files.
const SAFE = ['-c', 'core.fsmonitor=false', '--no-optional-locks', 'blame', '--no-textconv', '--porcelain'];

/** Who last changed a line of a file; `undefined` where git is missing or does not know the file. */
export async function blameLine(
  { environment, signal }: { readonly environment: Environment; readonly signal: AbortSignal },
  file: string,
  line: number,
): Promise<Blame | undefined> {
  const args = [...SAFE, '-L', `${line},${line}`, '--', basename(file)];
  const env = { ...environment, LC_ALL: 'C', GIT_PAGER: '' };
  const { ended, stdout } = await runLimited('git', args, { cwd: dirname(file), env }, signal);
  return ended === 'well' ? readBlame(stdout) : undefined;
}
