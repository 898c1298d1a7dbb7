import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { STORE_DIR } from '../core/binary-cache/store-path.ts';
import type { Candidate } from '../core/models/adoption.ts';
import type { PinnedEntry } from '../core/models/entries.ts';
import type { Environment } from '../core/registry/string-value.ts';
import { modelStorePath } from './binary-cache/store-path.ts';
import { knownModelsFolders } from './known-folders.ts';
import { hubCacheFolder } from './user-folders.ts';

/**
 * Files of this machine that may have the bytes of models: in the cache of the Hugging Face tools, whose blobs are named by
 * their sha256, in the store of Nix, and in other models directories. They are looked at, not opened; `target` is where they would go to.
 */
export function findCandidates(
  entries: readonly PinnedEntry[],
  { environment, cwd }: { readonly environment: Environment; readonly cwd: string },
  target: string,
): readonly Candidate[] {
  if (entries.length === 0) return [];
  const device = deviceOf(target);
  const blobs = blobFolders(hubCacheFolder(environment, cwd));
  const folders = knownModelsFolders(environment);
  const store = environment['NIX_STORE_DIR'] || STORE_DIR;
  const hasStore = existsSync(store);
  return entries.flatMap((entry) => [
    ...blobs.flatMap((folder) => inspect(entry, join(folder, entry.sha256), true, device) ?? []),
    ...[
      ...(hasStore ? [modelStorePath(entry, store)] : []),
      ...folders.map((folder) => join(folder, entry.file)),
    ].flatMap((path) => inspect(entry, path, false, device) ?? []),
  ]);
}

function inspect({ file, size }: PinnedEntry, path: string, isBlob: boolean, device: number): Candidate | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile() || found.size !== size) return undefined;
    // A link may lead to a file of any kind, of which nobody knows who writes it.
    const isOwnBlob = isBlob && lstatSync(path).isFile();
    // Two names of one file are safe only where nobody will ever write it.
    const isLasting = found.uid === process.getuid?.() && (isOwnBlob || (found.mode & 0o222) === 0);
    return { name: file, path: realpathSync(path), mayLink: isLasting && found.dev === device };
  } catch {
    // What cannot be looked at cannot be adopted.
    return undefined;
  }
}

/** Blobs of any repository: the same bytes may be in several. */
function blobFolders(cache: string): readonly string[] {
  try {
    const repos = readdirSync(cache).filter((name) => name.startsWith('models--'));
    return repos.toSorted().map((repo) => join(cache, repo, 'blobs'));
  } catch {
    // No cache, or none that may be read.
    return [];
  }
}

/** The number of the file system that a folder is on, or will be. */
function deviceOf(folder: string): number {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.dev ?? (dirname(folder) === folder ? -1 : deviceOf(dirname(folder)));
}
