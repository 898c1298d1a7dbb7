import type { BigIntStats } from 'node:fs';
import type { FileStamp } from '../../core/state/record.ts';
import { inodeOf } from './identity.ts';

/** What tells a file from another one; of inode numbers, every digit counts. */
export function fileStamp(file: BigIntStats): FileStamp {
  return { size: Number(file.size), mtime: mtimeOf(file), inode: inodeOf(file) };
}

/** Rounded to milliseconds as `Stats.mtime` is. */
export function mtimeOf({ mtimeNs }: BigIntStats): string {
  return new Date(Number((mtimeNs + 500_000n) / 1_000_000n)).toISOString();
}
