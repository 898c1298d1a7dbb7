import { createRequire } from 'node:module';

interface Native {
  readonly hasWriter: (fd: number) => boolean | undefined;
}

let native: Native | undefined;

/**
 * Whether somebody has the file of a descriptor open, or mapped, for writing. `undefined` where that cannot be told: not on
 * Linux, not this user's file, a file system without leases, no native module.
 */
export function hasWriter(fd: number): boolean | undefined {
  native ??= load();
  return native.hasWriter(fd);
}

function load(): Native {
  try {
    return createRequire(import.meta.url)('#file-writers') as Native;
  } catch {
    // Nothing is lost but speed: what cannot be told is waited for.
    return { hasWriter: () => undefined };
  }
}
