import { fromBase32 } from '../base32.ts';

/** Reads a sha256 as Nix writes it (`sha256-` and base 64, `sha256:` and base 64, base 32 or hex) or in hex; returns hex. */
export function readSha256(text: string): string | undefined {
  const [, base64] = /^sha256[-:]([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  if (base64 !== undefined) return Buffer.from(base64, 'base64').toString('hex');
  const plain = text.replace(/^sha256:/, '');
  if (/^[0-9a-fA-F]{64}$/.test(plain)) return plain.toLowerCase();
  const bytes = plain.length === BASE32_LENGTH ? fromBase32(plain) : undefined;
  return bytes && Buffer.from(bytes).toString('hex');
}

/** The length of 32 bytes in the base 32 of Nix. */
const BASE32_LENGTH = 52;

/** A sha256 in hex as Nix writes it. */
export function toSri(sha256: string): string {
  return `sha256-${Buffer.from(sha256, 'hex').toString('base64')}`;
}
