const MAGIC = 'GGUF';
const WORD = 4;
const LONG = 8;
// The types of values in the metadata (gguf.md): a string has type 8, a list 9; the others take these numbers of bytes.
const STRING = 8;
const BYTES_OF: readonly (number | undefined)[] = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];

/** Describes a GGUF file, not yet escaped for a terminal; `undefined`: the file is not one. */
export function readGguf(bytes: Uint8Array): string | undefined {
  if (Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') !== MAGIC) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2 * WORD) return 'a GGUF file';
  const version = view.getUint32(WORD, true);
  const { architecture, name } = readMetadata(view);
  const said = [architecture === undefined ? '' : `${architecture} model`, name === undefined ? '' : `"${name}"`];
  const details = [`version ${version}`, said.filter((each) => each !== '').join(' ')].filter((each) => each !== '');
  return `a GGUF file (${details.join(', ')}), which whisper.cpp does not read`;
}

/** Architecture and name, which are among the first keys. Reading ends at the first list, such as the vocabulary. */
function readMetadata(view: DataView): { architecture?: string | undefined; name?: string | undefined } {
  const found = new Map<string, string>();
  let offset = 2 * WORD + 2 * LONG;
  const take = (length: number): number | undefined => {
    const start = offset;
    offset += length;
    return offset <= view.byteLength ? start : undefined;
  };
  const takeString = (): string | undefined => {
    const at = take(LONG);
    const length = at === undefined ? Number.POSITIVE_INFINITY : Number(view.getBigUint64(at, true));
    const start = take(length);
    return start === undefined ? undefined : Buffer.from(view.buffer, view.byteOffset + start, length).toString('utf8');
  };
  for (;;) {
    const key = takeString();
    const typeAt = take(WORD);
    if (key === undefined || typeAt === undefined) break;
    const type = view.getUint32(typeAt, true);
    if (type === STRING) {
      const value = takeString();
      if (value !== undefined) found.set(key, value.slice(0, 80));
    } else if (take(BYTES_OF[type] ?? Number.POSITIVE_INFINITY) === undefined) break;
  }
  return { architecture: found.get('general.architecture'), name: found.get('general.name') };
}
