import { type BigIntStats, lstatSync } from 'node:fs';

/**
 * Which file something is. Numbers of inodes and devices are compared here and nowhere else, and only as `bigint`: overlayfs
 * with `xino=on` gives numbers above 2^53, of which different ones are the same as `number`.
 */

/** The file that has a name, links not followed; `undefined`: there is none. */
export function identifyFile(path: string): BigIntStats | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false });
}

export function isSameFile(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.ino === other?.ino && isSameDisk(one, other);
}

/** Whether two files are on one file system, so that a file can have a name in both places. */
export function isSameDisk(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return one.dev === other?.dev;
}

/** Names a file for as long as it exists: inode numbers are used again, so the time of its creation counts too. */
export function identityOf(found: BigIntStats | undefined): string {
  return found ? `${found.dev}:${found.ino}:${found.birthtimeNs}` : '';
}

/** The number of a file's inode as text, for state files: every digit counts. */
export function inodeOf({ ino }: BigIntStats): string {
  return String(ino);
}

/** Whether both are one file with the same bytes. */
export function isUnchanged(one: BigIntStats, other: BigIntStats | undefined): boolean {
  return other !== undefined && versionOf(one) === versionOf(other);
}

/** Changes when a file is written to or replaced; a new name or new rights of the file do not change it. */
export function versionOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}`;
}
