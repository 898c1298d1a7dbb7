import type { CatalogueEntry } from '../catalogue/entries.ts';
import type { WhisperError } from '../errors.ts';
import { archiveMismatch as archiveError, invalidNarInfo } from '../messages/transfer/cache.ts';
import { readCount } from '../quantity.ts';
import { narSizeOf } from './nar.ts';
import { hashForms } from './store-path.ts';
import { shownAddress } from './substituters.ts';

/** The compressions that Node can unpack, zstd from Node 22.15 on. */
const COMPRESSIONS = ['none', 'zstd', 'gzip', 'br'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** The narinfo of a store path that is one regular file. */
export interface NarInfo {
  /** Relative to the URL of the cache. */
  readonly url: string;
  readonly compression: Compression;
  /** In one of `hashForms`. */
  readonly narHash: string;
  readonly fileHash: string | undefined;
  readonly fileSize: number | undefined;
}

interface Expected {
  readonly storePath: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/** Reads a narinfo. `problem`: it contradicts what is known of the file; `unsupported`: its archive cannot be unpacked. */
export function readNarInfo(
  text: string,
  { storePath, size, sha256 }: Expected,
): NarInfo | { readonly problem: string } | { readonly unsupported: string } {
  const fields = readFields(text);
  if (!fields) return { problem: 'it is not a list of fields, or it repeats one' };
  const field = (name: string): string => fields.get(name) ?? '';
  if (field('StorePath') !== storePath) return { problem: `it describes ${field('StorePath') || 'no store path'}` };
  const address = field('CA').replace(/^fixed:/, '');
  if (field('CA') !== '' && !hashForms(sha256).includes(address))
    return { problem: `it has the content address ${field('CA')}` };
  if (field('References') !== '') return { problem: 'it has references, but a model has none' };
  const narSize = narSizeOf(size);
  if (field('NarSize') !== String(narSize))
    return { problem: `its NarSize is ${field('NarSize') || 'missing'}, not ${narSize}` };
  const [narHash, fileHash] = [field('NarHash'), field('FileHash')];
  if (!isHash(narHash)) return { problem: `its NarHash is ${narHash || 'missing'}` };
  if (fileHash !== '' && !isHash(fileHash)) return { problem: `its FileHash is ${fileHash}` };
  if (field('URL') === '') return { problem: 'it names no archive' };
  // The default of Nix.
  const given = field('Compression') || 'bzip2';
  const compression = COMPRESSIONS.find((each) => each === given);
  if (!compression) return { unsupported: `its archive is packed with ${given}` };
  const fileSize = readCount(field('FileSize'));
  if (fields.has('FileSize') && fileSize === undefined) return { problem: `its FileSize is ${field('FileSize')}` };
  if (compression === 'none') {
    if (fileHash !== '' && fileHash !== narHash) return { problem: 'FileHash and NarHash of one archive differ' };
    if ((fileSize ?? narSize) !== narSize) return { problem: `its FileSize is ${fileSize}, not ${narSize}` };
  }
  return { url: field('URL'), compression, narHash, fileHash: fileHash || undefined, fileSize };
}

/** The store directory of a cache, from its `nix-cache-info`. */
export function readStoreDir(text: string): string | undefined {
  return readFields(text)?.get('StoreDir');
}

/** Reads `Name: value` lines; `undefined` for anything else. Only `Sig` may be repeated. */
function readFields(text: string): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [, name = '', value = ''] = /^([^:]+):(?: (.*))?$/.exec(line) ?? [];
    if (name === '' || (fields.has(name) && name !== 'Sig')) return undefined;
    fields.set(name, value.trim());
  }
  return fields;
}

function isHash(text: string): boolean {
  return /^sha256:([0-9a-df-np-sv-z]{52}|[0-9a-f]{64}|[A-Za-z0-9+/]{43}=)$|^sha256-[A-Za-z0-9+/]{43}=$/.test(text);
}

export function narInfoMismatch(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return invalidNarInfo({ cache: shownAddress(cache), file, sha256 }, problem);
}

/** Throws `bad-narinfo` where the narinfo gives another hash in a field than the archive has (`sha256`, in hex). */
export function requireHash(
  cache: URL,
  entry: CatalogueEntry,
  field: 'NarHash' | 'FileHash',
  given: string,
  sha256: string,
): void {
  if (!hashForms(sha256).includes(given))
    throw narInfoMismatch(cache, entry, `its ${field} does not match the archive`);
}

export function archiveMismatch(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return archiveError({ cache: shownAddress(cache), file, sha256 }, problem);
}
