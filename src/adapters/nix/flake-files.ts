import { constants, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { FlakeReference } from '../../core/evaluation/target.ts';
import {
  flakeFilesUnknown,
  flakeFolderMissing,
  flakeNotFound,
  untrackedFlake,
} from '../../core/messages/evaluation.ts';
import { asDiskError } from '../fs/errors.ts';
import { type GitHost, inIsolation, inTemporaryFolder, runGit } from '../git/git.ts';
import { findWorkingTree } from '../git/working-tree.ts';

/** The files of a flake, where Nix reads them without git. */
export interface FlakeFiles {
  readonly address: string;
  /** The folder of flake.nix in it; empty for its top. */
  readonly folder: string;
  /** The files on the disk; `undefined`: they are in the store once Nix has them. */
  readonly copy: string | undefined;
  /** The folder that was copied; `undefined`: Nix fetches it. */
  readonly top: string | undefined;
}

/**
 * Calls `use` with the files of a flake. For a folder in a repository, Nix would run git there, and git the programs that
 * the configuration of the repository names; so Nix gets a copy of the files that the repository tracks, which are the
 * files of such a flake.
 */
export async function withFlakeFiles<T>(
  host: GitHost & { readonly cwd: string },
  flake: FlakeReference['flake'],
  use: (files: FlakeFiles) => Promise<T>,
): Promise<T> {
  if ('address' in flake) {
    const folder = new URLSearchParams(/\?(.*)/s.exec(flake.address)?.[1]).get('dir') ?? '';
    return use({ address: flake.address, folder, copy: undefined, top: undefined });
  }
  const given = resolve(host.cwd, flake.folder);
  // With a misspelt folder, the flake above it is not meant.
  if (!existsSync(given)) throw flakeFolderMissing(given);
  const root = findFlake(given);
  if (root === undefined) throw flakeNotFound(given);
  const tree = findWorkingTree(join(root, 'flake.nix'));
  if (!tree) return use({ address: addressOf(root), folder: '', copy: root, top: root });
  return inTemporaryFolder('whisper-flake-', async (copy) => {
    const names = await trackedFiles(host, tree.top);
    const folder = relative(tree.top, root);
    if (!names.includes(join(folder, 'flake.nix'))) throw untrackedFlake(root);
    await copyFiles(tree.top, names, copy, host.signal);
    return use({ address: addressOf(copy), folder, copy, top: tree.top });
  });
}

/** The folder with the `flake.nix`: the given one or one above it, up to the top of the repository, as Nix looks for it. */
export function findFlake(given: string): string | undefined {
  for (let folder = given; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'flake.nix'))) return folder;
    if (dirname(folder) === folder || existsSync(join(folder, '.git'))) return undefined;
  }
}

/** A folder as a flake reference in `cwd`: `.`, `..` or `./nix`. */
export function relativeFolder(cwd: string, folder: string): string {
  const path = relative(cwd, folder);
  if (path === '') return '.';
  return /^\.\.(?:\/|$)/.test(path) ? path : `./${path}`;
}

function addressOf(folder: string): string {
  return `path:${folder.split('/').map(encodeURIComponent).join('/')}`;
}

/** The files of a repository that git tracks, by the index alone: the working tree and the configuration play no part. */
async function trackedFiles(host: GitHost, top: string): Promise<readonly string[]> {
  const args = ['rev-parse', '--show-toplevel', '--show-object-format', '--git-path', 'index', '--git-path', 'objects'];
  const answers = (await runGit(host, args, { cwd: top }))?.split('\n') ?? [];
  const [found, objectFormat, index, objects] = answers;
  if (answers.length !== 5 || !found || !objectFormat || !index || !objects) throw flakeFilesUnknown(top);
  // The configuration of a repository may name another working tree.
  if (realpathSync(found) !== realpathSync(top)) throw flakeFilesUnknown(top);
  const listed = await inIsolation({ objectFormat, objects: resolve(top, objects) }, async ({ workTree, env }) =>
    runGit(host, ['ls-files', '-z'], { cwd: workTree, env: { ...env, GIT_INDEX_FILE: resolve(top, index) } }),
  );
  if (listed === undefined) throw flakeFilesUnknown(top);
  return [...new Set(listed.split('\0'))].filter(isPlainPath);
}

/** An index is data of someone else, too: a name in it must not lead out of the folder. */
function isPlainPath(path: string): boolean {
  return path !== '' && path.split('/').every((name) => !['', '.', '..'].includes(name));
}

/** Copies files and links. Links come last, so that nothing is written through one. */
async function copyFiles(from: string, names: readonly string[], to: string, signal: AbortSignal): Promise<void> {
  const links: string[] = [];
  const isInside = insideOf(from);
  for (const name of names) {
    signal.throwIfAborted();
    const [source, target] = [join(from, name), join(to, name)];
    const found = lstatSync(source, { throwIfNoEntry: false });
    if (!found || !isInside(dirname(source)) || !(found.isFile() || found.isSymbolicLink())) continue;
    try {
      mkdirSync(dirname(target), { recursive: true });
      if (found.isSymbolicLink()) links.push(name);
      else await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    } catch (error) {
      throw asDiskError(error, source, 'none');
    }
  }
  for (const name of links) symlinkSync(readlinkSync(join(from, name)), join(to, name));
}

/** Whether a folder is reached without links: what is behind one is not a file of the repository. */
function insideOf(top: string): (folder: string) => boolean {
  const real = realpathSync(top);
  const known = new Map<string, boolean>();
  return (folder) => {
    const inside = known.get(folder) ?? realpathSync(folder) === join(real, relative(top, folder));
    known.set(folder, inside);
    return inside;
  };
}
