import type { CatalogueEntry } from '../catalogue/entries.ts';
import type { WhisperError } from '../errors.ts';
import { plain } from '../evaluation/nix-log.ts';
import { archiveMismatch as archiveError, invalidNarInfo, pushFailed } from '../messages/cache.ts';
import { readCount } from '../quantity.ts';
import { narSizeOf } from './nar.ts';
import { hashForms } from './store-path.ts';
import { shownAddress } from './substituters.ts';

/** How an archive in a cache may be packed, as far as it can be unpacked here; newer Nodes know zstd. */
export const COMPRESSIONS = ['none', 'zstd', 'gzip', 'br'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** What a cache says about a store path that is one plain file. */
export interface NarInfo {
  /** Where the archive is, from the address of the cache. */
  readonly url: string;
  readonly compression: Compression;
  /** As it was written: one of `hashForms`. */
  readonly narHash: string;
  readonly fileHash: string | undefined;
  readonly fileSize: number | undefined;
}

/** The file that it has to be about. */
export interface Expected {
  readonly storePath: string;
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

/** It cannot be what the cache was asked about. */
export interface Tampered {
  readonly problem: string;
}

/** It may well be, in a form that is not read here. */
export interface Unsupported {
  readonly unsupported: string;
}

/**
 * Reads a narinfo, and compares what it says with what is known of the file beforehand: its store path, its content
 * address, the size that its archive must have.
 */
export function readNarInfo(text: string, expected: Expected): NarInfo | Tampered | Unsupported {
  const fields = readFields(text);
  if (!fields) return { problem: 'it is not a list of fields, or it repeats one' };
  const field = (name: string): string => fields.get(name) ?? '';
  const { storePath, size, sha256 } = expected;
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
  // Nix reads a narinfo that does not say so in this way.
  const packed = field('Compression') || 'bzip2';
  const compression = COMPRESSIONS.find((each) => each === packed);
  if (!compression) return { unsupported: `its archive is packed with ${packed}` };
  const fileSize = readCount(field('FileSize'));
  if (fields.has('FileSize') && fileSize === undefined) return { problem: `its FileSize is ${field('FileSize')}` };
  if (compression === 'none') {
    if (fileHash !== '' && fileHash !== narHash) return { problem: 'FileHash and NarHash of one archive differ' };
    if ((fileSize ?? narSize) !== narSize) return { problem: `its FileSize is ${fileSize}, not ${narSize}` };
  }
  return { url: field('URL'), compression, narHash, fileHash: fileHash || undefined, fileSize };
}

/** The directory of the store that a cache is of, from its `nix-cache-info`. */
export function readStoreDir(text: string): string | undefined {
  return readFields(text)?.get('StoreDir');
}

/** `Name: value` on each line, whatever the names; `undefined` for anything else. Signatures may come several times. */
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

/** What a cache says about a file contradicts what is known of it. */
export function narInfoMismatch(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return invalidNarInfo({ cache: shownAddress(cache), file, sha256 }, problem);
}

/** Throws `bad-narinfo` where a hash of an archive (`sha256` in hex) is not the one that its narinfo gives in a field. */
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

/** What a cache gives for a file has other bytes than it must. */
export function archiveMismatch(cache: URL, { file, sha256 }: CatalogueEntry, problem: string): WhisperError {
  return archiveError({ cache: shownAddress(cache), file, sha256 }, problem);
}

const KINDS = [
  [/No space left on device/i, 'no-space'],
  [/Permission denied|Read-only file system|not permitted/i, 'no-permission'],
] as const;

/** What Nix said when it could not do something with `target`, as an error of the program. */
export function readComplaint(stderr: string, target: string): WhisperError {
  const lines = plain(stderr).split('\n');
  const said = lines.findLast((line) => line.startsWith('error:')) ?? lines.findLast((line) => line.trim() !== '');
  const words = shownAddress((said ?? 'no output').replace(/^error:\s*/, ''));
  const [, code = 'push-failed'] = KINDS.find(([pattern]) => pattern.test(stderr)) ?? [];
  return pushFailed(code, target, words);
}
