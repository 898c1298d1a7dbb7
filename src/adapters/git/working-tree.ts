import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readSmallFile } from '../fs/read.ts';

/** The files that git keeps during an operation, with its description. */
const MARKS = {
  'index.lock': 'at work',
  MERGE_HEAD: 'in the middle of a merge',
  'rebase-merge': 'in the middle of a rebase',
  'rebase-apply': 'in the middle of a rebase',
  CHERRY_PICK_HEAD: 'in the middle of a cherry-pick',
  REVERT_HEAD: 'in the middle of a revert',
  BISECT_LOG: 'in the middle of a bisect',
} as const;

interface GitWork {
  readonly what: (typeof MARKS)[keyof typeof MARKS];
  /** The file or folder that shows it. */
  readonly path: string;
}

/** The working tree that a file is in; `undefined` outside of a repository. */
export function findWorkingTree(file: string): { readonly top: string; readonly gitFolder: string } | undefined {
  for (let top = dirname(file); ; top = dirname(top)) {
    const gitFolder = gitFolderAt(top);
    if (gitFolder !== undefined) return { top, gitFolder };
    if (dirname(top) === top) return undefined;
  }
}

/** The folder that git keeps the state of a file's working tree in; `undefined` outside of a repository. */
export function findGitFolder(file: string): string | undefined {
  return findWorkingTree(file)?.gitFolder;
}

/** The git operation that has not ended in a working tree, by its git folder. */
export function gitWork(gitFolder: string): GitWork | undefined {
  for (const [name, what] of Object.entries(MARKS)) {
    const path = join(gitFolder, name);
    if (existsSync(path)) return { what, path };
  }
  return undefined;
}

function gitFolderAt(folder: string): string | undefined {
  const path = join(folder, '.git');
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  if (found.isDirectory()) return path;
  // A pipe or a device is not a repository.
  if (!found.isFile()) return undefined;
  // A worktree or a submodule: a file says where its state is (gitrepository-layout(5)). If it cannot be read, git may be
  // rebasing, and nothing may be pruned.
  const bytes = readSmallFile(path, (reason, cause) => (cause instanceof Error ? cause : new Error(reason)));
  const target = /^gitdir: (.+)$/m.exec(bytes?.toString() ?? '')?.[1];
  return target === undefined ? undefined : resolve(folder, target);
}
