import { type BigIntStats, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { LocalCopy } from '../../core/plan/plan.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { modelStorePath, storeDirOf } from '../binary-cache/store-path.ts';
import { isSameDisk } from '../fs/identity.ts';
import { hubCacheFolder } from '../fs/user-folders.ts';
import { knownModelsFolders } from './known-folders.ts';

/**
 * Files of this machine that may have the bytes of models: in the cache of the Hugging Face tools, whose blobs are named by
 * their sha256, in the store of Nix, and in other models directories. They are not opened. `target` is the folder that they would be adopted into.
 */
export function findCandidates(
  entries: readonly PinnedEntry[],
  { environment, cwd }: { readonly environment: Environment; readonly cwd: string },
  target: string,
): readonly LocalCopy[] {
  if (entries.length === 0) return [];
  const disk = diskOf(target);
  const blobs = blobFolders(hubCacheFolder(environment, cwd));
  const folders = knownModelsFolders(environment);
  const store = storeDirOf(environment);
  const hasStore = existsSync(store);
  return entries.flatMap((entry) => [
    ...blobs.flatMap((folder) => inspect(entry, join(folder, entry.sha256), true, disk) ?? []),
    ...[
      ...(hasStore ? [modelStorePath(entry, store)] : []),
      ...folders.map((folder) => join(folder, entry.file)),
    ].flatMap((path) => inspect(entry, path, false, disk) ?? []),
  ]);
}

function inspect(
  { file, size }: PinnedEntry,
  path: string,
  isBlob: boolean,
  disk: BigIntStats | undefined,
): LocalCopy | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (!found?.isFile() || found.size !== BigInt(size)) return undefined;
    // A link may lead to a file that any program writes to.
    const isOwnBlob = isBlob && lstatSync(path).isFile();
    // A hard link is safe only to a file that is never written to.
    const isLasting = Number(found.uid) === process.getuid?.() && (isOwnBlob || (Number(found.mode) & 0o222) === 0);
    return { name: file, path: realpathSync(path), mayLink: isLasting && isSameDisk(found, disk) };
  } catch {
    // A file that cannot be inspected cannot be adopted.
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

/** The folder, or its first existing parent: it is on the same file system. */
function diskOf(folder: string): BigIntStats | undefined {
  const found = statSync(folder, { throwIfNoEntry: false, bigint: true });
  return found ?? (dirname(folder) === folder ? undefined : diskOf(dirname(folder)));
}
