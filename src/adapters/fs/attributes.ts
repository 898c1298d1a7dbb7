import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/**
 * Gives a new file, which only its owner can read so far and which is still empty, the owner, group, mode, ACL and extended
 * attributes of another file. False where one of them cannot be copied, or not be seen: then the new file must not replace the other one.
 *
 * The new file must never be readable by more users than the old one. So it is created with mode 0600, which also
 * masks the ACL that it inherits from its folder; that ACL is removed; then the owner changes; then the old ACL is set,
 * which sets the mode with it; and the mode is set last. Set before the ACL, its group bits, which are the mask of the ACL
 * there, would count for the owning group.
 */
export async function copyAttributes(from: FileHandle, to: FileHandle): Promise<boolean> {
  const native = (await import('./native-files.ts')).nativeFiles();
  if (!native) return false;
  const { getAttrSync, listAttrsSync, removeAttrSync, setAttrSync } = native;
  const attributesOf = ({ fd }: FileHandle): ReadonlyMap<string, Buffer> =>
    new Map(listAttrsSync(fd).map((name) => [name, getAttrSync(fd, name) ?? Buffer.alloc(0)]));
  const old = await from.stat({ bigint: true });
  try {
    const wanted = attributesOf(from);
    for (const name of attributesOf(to).keys()) if (!wanted.has(name)) removeAttrSync(to.fd, name);
    const made = await to.stat({ bigint: true });
    if (made.uid !== old.uid || made.gid !== old.gid) await to.chown(Number(old.uid), Number(old.gid));
    const existing = attributesOf(to);
    for (const [name, value] of wanted) if (!isSame(value, existing.get(name))) setAttrSync(to.fd, name, value);
    await to.chmod(Number(old.mode & 0o7777n));
    const [copied, now] = [attributesOf(to), await to.stat({ bigint: true })];
    const isComplete = [...wanted].every(([name, value]) => isSame(value, copied.get(name)));
    return isComplete && copied.size === wanted.size && isSameAccess(old, now);
  } catch (error) {
    if (error instanceof Error && 'code' in error && NOT_ALLOWED.has(error.code)) return false;
    throw error;
  }
}

function isSame(value: Buffer, other: Buffer | undefined): boolean {
  return other !== undefined && value.equals(other);
}

function isSameAccess(old: BigIntStats, now: BigIntStats): boolean {
  return old.uid === now.uid && old.gid === now.gid && old.mode === now.mode;
}

/** Errors of a user who may not set an owner or an attribute, and of file systems that do not know it. */
const NOT_ALLOWED: ReadonlySet<unknown> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EINVAL', 'E2BIG', 'ERANGE']);
