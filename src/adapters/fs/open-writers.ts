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
  const require = createRequire(import.meta.url);
  try {
    switch (`${process.platform}-${process.arch}`) {
      case 'linux-x64':
        return require('#file-writers-linux-x64') as Native;
      case 'linux-arm64':
        return require('#file-writers-linux-arm64') as Native;
    }
  } catch {
    // As on other systems.
  }
  // Without it, the program is only slower: it waits until the file stays unchanged.
  return { hasWriter: () => undefined };
}
