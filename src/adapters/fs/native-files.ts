import { swapSync } from 'fs-native-extensions';

/**
 * What the kernel can do with files and Node cannot: locks, extended attributes, exchanging two names. This is the one file
 * that imports the native module; it is loaded only where something is written.
 */
export { getAttrSync, listAttrsSync, removeAttrSync, setAttrSync, tryLock, waitForLock } from 'fs-native-extensions';

/** Errors of kernels and file systems that cannot exchange two names (renameat2(2)). */
const NO_EXCHANGE: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP']);

/**
 * Exchanges the files of two existing names in one step (Linux: RENAME_EXCHANGE, macOS: RENAME_SWAP). False where the file
 * system cannot, with nothing changed. Throws system errors (`ENOENT`: one of the names is gone).
 */
export function exchangeNames(one: string, other: string): boolean {
  try {
    swapSync(one, other);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_EXCHANGE.has(error.code)) return false;
    throw error instanceof Error ? Object.assign(error, { syscall: 'renameat2' }) : error;
  }
}
