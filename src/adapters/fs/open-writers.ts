import { createRequire } from 'node:module';

interface Native {
  readonly hasWriter: (fd: number) => boolean | undefined;
}

let native: Native | undefined;

/** Whether a process has a file open, or mapped, for writing; `undefined`: the system does not report it to this user. */
export function hasWriter(fd: number): boolean | undefined {
  native ??= load();
  return native.hasWriter(fd);
}

function load(): Native {
  try {
    return createRequire(import.meta.url)('#file-writers') as Native;
  } catch {
    // Without it, the program is only slower: it waits until the file stays unchanged.
    return { hasWriter: () => undefined };
  }
}
