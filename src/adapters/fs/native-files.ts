import type * as FsNativeExtensions from 'fs-native-extensions';
import { createRequire } from 'node:module';

/** What only the kernel can do, by the one package that asks it; it is loaded only where something is written. */
type Native = typeof FsNativeExtensions;

/** `undefined`: it was not tried yet; a string: why it cannot be loaded. */
let loaded: Native | string | undefined;

/** The functions of the kernel; `undefined` on systems that the package has no binary for, such as musl. */
export function nativeFiles(): Native | undefined {
  loaded ??= load();
  return typeof loaded === 'string' ? undefined : loaded;
}

/** Why there are none; `undefined` where there are. */
export function missingNativeFiles(): string | undefined {
  return nativeFiles() || typeof loaded !== 'string' ? undefined : loaded;
}

function load(): Native | string {
  try {
    return createRequire(import.meta.url)('fs-native-extensions') as Native;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  }
}

/** Errors of kernels and file systems that cannot exchange two names (renameat2(2)). */
const NO_EXCHANGE: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP']);

/** Exchanges the files of two names in one step; false, unchanged, where the system cannot. Throws system errors. */
export function exchangeNames(one: string, other: string): boolean {
  const native = nativeFiles();
  if (!native) return false;
  try {
    native.swapSync(one, other);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_EXCHANGE.has(error.code)) return false;
    throw error instanceof Error ? Object.assign(error, { syscall: 'renameat2' }) : error;
  }
}
