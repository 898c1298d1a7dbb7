declare module 'fs-native-extensions' {
  /** Takes a kernel lock on an open file; false where another holder has it. */
  export function tryLock(fd: number, options?: { readonly shared: boolean }): boolean;

  /** Waits for a kernel lock; a shared one may have several holders. */
  export function waitForLock(
    fd: number,
    offset: number,
    length: number,
    options: { readonly shared: boolean },
  ): Promise<void>;
}
