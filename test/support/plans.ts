import type { Actual, Desired, ModelFile } from '../../src/core/plan/plan.ts';

/** Nothing is listed, nothing wanted. */
export const NOTHING: Desired = {
  active: [],
  elsewhere: [],
  wanted: [],
  refetch: false,
  prune: false,
  unmanaged: false,
  users: new Map(),
};

/** A file without a record. */
export function plainFile(name: string, size: number): ModelFile {
  return {
    name,
    size,
    mtime: '2026-01-02T03:04:05.678Z',
    inode: '7',
    isLink: false,
    record: undefined,
    hashed: undefined,
  };
}

/** A file that the program fetched. */
export function fetchedFile(name: string, size: number, sha256 = 'a'.repeat(64)): ModelFile {
  const file = plainFile(name, size);
  const { mtime, inode } = file;
  const origin = { file: name, repo: 'a/b', revision: 'main', url: '', fetchedAt: mtime, verifiedAt: mtime };
  return { ...file, record: { ...origin, size, sha256, mtime, inode } };
}

/** The same file, after it was hashed. */
export function hashedFile(file: ModelFile, sha256: string): ModelFile {
  const { size, mtime, inode } = file;
  return { ...file, hashed: { size, mtime, inode, sha256 } };
}

/** An empty folder on a disk with 1,000 bytes. */
export const EMPTY: Actual = {
  files: [],
  undo: { files: [], isHeld: false },
  partials: [],
  recorded: new Set(),
  damaged: [],
  free: 1000,
};
