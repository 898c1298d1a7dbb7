const DIGITS = '0123456789abcdfghijklmnpqrsvwxyz';

/** Bytes in the base 32 of Nix: without e, o, t and u, the last digit first. */
export function base32(bytes: Uint8Array): string {
  const length = Math.ceil((bytes.length * 8) / 5);
  return Array.from({ length }, (_, index) => {
    const bit = (length - 1 - index) * 5;
    const pair = (bytes[bit >> 3] ?? 0) | ((bytes[(bit >> 3) + 1] ?? 0) << 8);
    return DIGITS[(pair >> (bit & 7)) & 31] ?? '';
  }).join('');
}

/** The bytes of a text in the base 32 of Nix; `undefined` where it has another digit, or does not stand for whole bytes. */
export function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  for (const [index, digit] of Array.from(text).toReversed().entries()) {
    const [at, shift] = [(index * 5) >> 3, (index * 5) & 7];
    const value = DIGITS.indexOf(digit);
    const [low, high] = [(value << shift) & 0xff, (value << shift) >> 8];
    if (value < 0 || (high !== 0 && at + 1 >= bytes.length) || (low !== 0 && at >= bytes.length)) return undefined;
    bytes[at] = (bytes[at] ?? 0) | low;
    if (at + 1 < bytes.length) bytes[at + 1] = (bytes[at + 1] ?? 0) | high;
  }
  return bytes;
}
