import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../core/registry/string-value.ts';
import { withDiskErrors } from '../fs/errors.ts';
import { findProgram, runLimited } from '../process/run-program.ts';

export interface GitHost {
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

interface GitCall {
  readonly cwd: string;
  /** Variables on top of those that every call has. */
  readonly env?: Environment;
  readonly input?: string;
}

// core.hooksPath is not among them, because `findRepository` asks git for it. No command that is run here has hooks.
const SETTINGS = ['core.fsmonitor=false', 'core.attributesFile=/dev/null', 'protocol.allow=never'];
const OPTIONS = ['--no-pager', '--no-optional-locks', '--no-replace-objects', '--literal-pathspecs'];

/** Git never prompts the user, and no transport is allowed: a promisor remote may name any program as its `uploadpack`. */
const VARIABLES = {
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_LAZY_FETCH: '1',
  // Overrides every `protocol.NAME.allow` of a repository. No transport has this name.
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
  SSH_ASKPASS: '/bin/false',
  GIT_SSH_COMMAND: '/bin/false',
  GIT_EDITOR: '/bin/false',
  GIT_PAGER: 'cat',
};

/**
 * What git prints; `undefined` where there is no git, or where it fails. Every call of git goes through here. A repository may
 * come from another person, and its configuration can name programs for most of what git does. So in a repository only
 * `rev-parse` is run, which starts no program; everything else is run in an `IsolatedRepository`. No variable of the user reaches
 * git but those that lead to its own settings, where `safe.directory` is, and the one that limits where git looks.
 */
export async function runGit(
  { environment, signal }: GitHost,
  args: readonly string[],
  { cwd, env = {}, input = '' }: GitCall,
): Promise<string | undefined> {
  const git = findProgram(environment, 'git');
  if (git === undefined) return undefined;
  const { PATH, HOME, XDG_CONFIG_HOME, GIT_CEILING_DIRECTORIES } = environment;
  const variables = { PATH, HOME, XDG_CONFIG_HOME, GIT_CEILING_DIRECTORIES, ...VARIABLES, ...env };
  const settings = SETTINGS.flatMap((each) => ['-c', each]);
  const { ended, stdout } = await runLimited(
    git,
    [...OPTIONS, ...settings, ...args],
    { cwd, env: variables, input },
    signal,
  );
  return ended === 'well' ? stdout : undefined;
}

/** A repository without any configuration, with the objects of another one. */
interface IsolatedRepository {
  /** An empty folder. */
  readonly workTree: string;
  /** Variables for git; of the user's settings, none are read. */
  readonly env: Environment;
}

/** What an isolated repository has from another one, as `rev-parse` of that one says it. */
interface Parts {
  /** The hash of a commit that becomes HEAD; `undefined` where no commit is needed. */
  readonly commit?: string;
  readonly objectFormat: string;
  readonly objects: string;
  /** The list of commits whose parents are left out, which need not exist. */
  readonly shallow?: string;
}

/** Makes an isolated repository in a temporary folder, and removes it when `use` is done. */
export async function inIsolation<T>(parts: Parts, use: (isolated: IsolatedRepository) => Promise<T>): Promise<T> {
  return inTemporaryFolder('whisper-git-', async (gitFolder) => {
    const workTree = join(gitFolder, 'tree');
    writeRepository(gitFolder, parts);
    const env = {
      HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_DIR: gitFolder,
      GIT_WORK_TREE: workTree,
      GIT_OBJECT_DIRECTORY: parts.objects,
      GIT_SHALLOW_FILE: parts.shallow,
    };
    return use({ workTree, env });
  });
}

/** Makes a folder for files that git or Nix reads, and removes it when `use` is done. Throws a disk error (exit 6). */
export async function inTemporaryFolder<T>(prefix: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = withDiskErrors(tmpdir(), () => mkdtempSync(join(tmpdir(), prefix)), 'none');
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeRepository(folder: string, { commit = 'ref: refs/heads/none', objectFormat }: Parts): void {
  const extension = objectFormat === 'sha256' ? '[extensions]\n\tobjectFormat = sha256\n' : '';
  const config = `[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n${extension}`;
  const write = (): void => {
    for (const name of ['tree', 'refs', 'objects']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'HEAD'), `${commit}\n`);
    writeFileSync(join(folder, 'config'), config);
  };
  withDiskErrors(folder, write, 'none');
}
