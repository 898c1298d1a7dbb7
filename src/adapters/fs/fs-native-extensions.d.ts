declare module 'fs-native-extensions' {
  /** Takes a kernel lock on an open file; false where another holder has it. */
  export function tryLock(fd: number, options?: { readonly shared: boolean }): boolean;
  export function waitForLock(
    fd: number,
    offset: number,
    length: number,
    options: { readonly shared: boolean },
  ): Promise<void>;
  /** Exchanges the files of two names in one step. The errors of all of these have a `code`, and no `syscall`. */
  export function swapSync(from: string, to: string): void;
  /** The names of the extended attributes of an open file, ACLs among them (`system.posix_acl_access`). */
  export function listAttrsSync(fd: number): readonly string[];
  /** The value of an extended attribute; `null` where the file has none of that name. */
  export function getAttrSync(fd: number, name: string): Buffer | null;
  export function setAttrSync(fd: number, name: string, value: Buffer): void;
  export function removeAttrSync(fd: number, name: string): void;
}
