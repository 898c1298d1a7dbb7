import { existsSync, lstatSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { unreadableFile } from '../../core/messages/transfer/bytes.ts';
import { notARepository } from '../../core/messages/environment.ts';
import { replaceUserFile } from '../fs/atomic-write.ts';
import { withDiskErrors } from '../fs/errors.ts';
import { isFolder, readSmallFile } from '../fs/read.ts';
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

/** The text of a file; `undefined` where it does not exist. Throws errors of exit code 6. */
export function readIfExists(path: string): string | undefined {
  const read = (): string | undefined => {
    if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
    // A folder or a dangling link fails with the error of the file system.
    if (isFolder(path) || !existsSync(path)) return readFileSync(path, 'utf8');
    const bad = (reason: string, cause: unknown): Error =>
      cause instanceof Error ? cause : unreadableFile(path, reason, cause);
    return readSmallFile(path, bad)?.toString();
  };
  return withDiskErrors(path, read, 'none');
}

/** Whether a path, links followed as far as it exists, is in a folder. */
export function isInside(path: string, folder: string): boolean {
  const real = (each: string): string => {
    try {
      return realpathSync(each);
    } catch {
      return join(real(dirname(each)), each.slice(dirname(each).length));
    }
  };
  return `${real(path)}/`.startsWith(`${real(folder)}/`);
}

/** Replaces a file: a link stays a link, the mode stays; a new file gets `mode`. Throws errors of exit code 6. */
export function writeRepositoryFile(path: string, text: string, mode: number): void {
  const write = (): void => {
    mkdirSync(dirname(path), { recursive: true });
    replaceUserFile(path, text, mode);
  };
  withDiskErrors(path, write, 'none');
}
