/** A git-LFS pointer: what git has in place of a large file. Size in bytes, `oid` is the sha256 in hex. */
export interface LfsPointer {
  readonly oid: string | undefined;
  readonly size: number | undefined;
  /** What it points to, in words that follow on others; empty where it does not tell. */
  readonly says: string;
}

/** Reads a pointer (git-lfs, docs/spec.md); `undefined`: the text is none. */
export function readLfsPointer(text: string): LfsPointer | undefined {
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return undefined;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const digits = /^size (\d{1,15})$/m.exec(text)?.[1];
  const size = digits === undefined ? undefined : Number(digits);
  const says = oid === undefined ? '' : `: sha256 ${oid}${size === undefined ? '' : `, ${size} bytes`}`;
  return { oid, size, says };
}
