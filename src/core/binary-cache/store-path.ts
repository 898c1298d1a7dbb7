import { base32 } from '../base32.ts';
import { sha256Of } from '../sha256.ts';

export const STORE_DIR = '/nix/store';
/** Bytes of the digest in the name of a store path. */
const SHORT = 20;

/** The store path of a fixed-output derivation, sha256 in hex (https://nix.dev/manual/nix/latest/protocols/store-path). */
export function storePathOf(name: string, sha256: string, storeDir = STORE_DIR): string {
  const content = Buffer.from(sha256Of(`fixed:out:sha256:${sha256}:`)).toString('hex');
  return pathOf('output:out', content, name, storeDir);
}

/** The store path of a tree by the sha256 of its archive, as flake.lock has it (`narHash`, `sha256-` and base 64). */
export function treePathOf(narHash: string, storeDir: string): string {
  const hex = Buffer.from(narHash.replace(/^sha256-/, ''), 'base64').toString('hex');
  return pathOf('source', hex, 'source', storeDir);
}

function pathOf(type: string, hex: string, name: string, storeDir: string): string {
  const digest = sha256Of(`${type}:sha256:${hex}:${storeDir}:${name}`);
  return `${storeDir}/${base32(fold(digest))}-${name}`;
}

/** The hash in a store path, by which caches name narinfos. */
export function hashPartOf(storePath: string): string {
  const base = storePath.slice(storePath.lastIndexOf('/') + 1);
  return base.slice(0, base.indexOf('-'));
}

export function hashForms(sha256: string): readonly string[] {
  const bytes = Buffer.from(sha256, 'hex');
  const base64 = bytes.toString('base64');
  return [`sha256:${base32(bytes)}`, `sha256-${base64}`, `sha256:${base64}`, `sha256:${sha256}`];
}

/** Shortens a digest by XOR, so that every byte counts. */
function fold(digest: Uint8Array): Uint8Array {
  const short = new Uint8Array(SHORT);
  for (const [index, byte] of digest.entries()) short[index % SHORT] = (short[index % SHORT] ?? 0) ^ byte;
  return short;
}

/** Whether a path is in the Nix store, where only Nix writes. */
export function isInStore(path: string): boolean {
  return `${path}/`.startsWith('/nix/store/');
}
