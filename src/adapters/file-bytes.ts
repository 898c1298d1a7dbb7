import { chmod, open, type FileHandle } from 'node:fs/promises';

/** Writes blocks one after the other from byte `at` on, however few the system takes at a time; returns their bytes. */
export async function writeAll(file: FileHandle, blocks: readonly Buffer[], at: number): Promise<number> {
  let position = at;
  let left = blocks;
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left, position);
    position += bytesWritten;
    left = left.flatMap((block) => {
      const written = Math.min(bytesWritten, block.length);
      bytesWritten -= written;
      return written === block.length ? [] : [block.subarray(written)];
    });
  }
  return position - at;
}

/** Opens a file for reading and writing, making it where there is none. */
export async function openForUpdate(path: string): Promise<FileHandle> {
  // A complete one that was not published has the mode of a model already.
  await chmod(path, 0o644).catch(() => undefined);
  const created = await open(path, 'a');
  await created.close();
  return open(path, 'r+');
}
