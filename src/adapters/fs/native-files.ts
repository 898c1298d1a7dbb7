import { swapSync } from 'fs-native-extensions';

/** What only the kernel can do. The one file that imports the native module, loaded only where something is written. */
export { getAttrSync, listAttrsSync, removeAttrSync, setAttrSync, tryLock, waitForLock } from 'fs-native-extensions';

/** Errors of kernels and file systems that cannot exchange two names (renameat2(2)). */
const NO_EXCHANGE: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP']);

/** Exchanges the files of two names in one step; false, unchanged, where the system cannot. Throws system errors. */
export function exchangeNames(one: string, other: string): boolean {
  try {
    swapSync(one, other);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_EXCHANGE.has(error.code)) return false;
    throw error instanceof Error ? Object.assign(error, { syscall: 'renameat2' }) : error;
  }
}
