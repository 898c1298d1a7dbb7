import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { notARepository } from '../../core/messages/environment.ts';
import { asDiskError } from '../fs/errors.ts';
import { type GitHost, runGit } from './git.ts';
import { findWorkingTree } from './working-tree.ts';

/** Where a repository has things; a worktree has its own top and the hooks of all. */
export interface Repository {
  readonly top: string;
  readonly hooks: string;
  /** The folder of git that all worktrees share. */
  readonly common: string;
}

/** The repository that a folder is in. Throws `usage` (exit 2) where there is none. */
export async function findRepository(cwd: string, host: GitHost): Promise<Repository> {
  const args = ['rev-parse', '--show-toplevel', '--git-path', 'hooks', '--git-common-dir'];
  const [top, hooks, common] = (await runGit(host, args, { cwd }))?.split('\n') ?? [];
  if (top === undefined || hooks === undefined || common === undefined) throw notARepository(cwd);
  // The configuration of a repository may name another working tree, anywhere.
  const tree = findWorkingTree(join(cwd, 'any file'));
  if (!tree || realpathSync(tree.top) !== realpathSync(top)) throw notARepository(cwd);
  return { top, hooks: resolve(cwd, hooks), common: resolve(cwd, common) };
}

/** The text of a file; `undefined` where there is none. */
export function readIfThere(path: string): string | undefined {
  try {
    if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw asDiskError(error, path, 'none');
  }
}

/** Whether a path, links followed as far as it exists, lies in a folder. */
export function liesIn(path: string, folder: string): boolean {
  const real = (each: string): string => {
    try {
      return realpathSync(each);
    } catch {
      return join(real(dirname(each)), each.slice(dirname(each).length));
    }
  };
  return `${real(path)}/`.startsWith(`${real(folder)}/`);
}

/** Replaces a file in one step: a link stays a link, the mode stays; a new file gets `mode`. */
export function replaceFile(path: string, text: string, mode: number): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const known = statSync(path, { throwIfNoEntry: false });
    const target = known ? realpathSync(path) : path;
    const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      const file = openSync(temporary, 'wx', mode);
      try {
        writeFileSync(file, text);
        fchmodSync(file, known ? known.mode & 0o7777 : mode);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw asDiskError(error, path, 'none');
  }
}
