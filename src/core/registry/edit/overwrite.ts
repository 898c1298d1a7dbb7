/** Overwrites a text in its own file, so that after each step the file reads as the old text or as the new one. */

/** Steps, in order; positions and lengths in bytes. Each one is a single system call. */
export interface Overwrite {
  /** Appended first: line breaks, which reserve the space that a longer text needs. Empty where it is not longer. */
  readonly reserve: Uint8Array;
  /** Where the texts begin to differ. */
  readonly start: number;
  /** Written from there on, with line breaks up to the end of a longer old text. */
  readonly bytes: Uint8Array;
  /** Length that the file is cut to at the end. */
  readonly length: number;
}

const LINE_BREAK = 0x0a;
/** The unit that disks write as a whole, even in a power failure. */
const SECTOR = 512;
/** The unit in which Linux copies written bytes into its cache: killing a process never leaves half of one. */
const PAGE = 4096;

export function planOverwrite(before: Uint8Array, after: Uint8Array): Overwrite {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  return {
    reserve: new Uint8Array(Math.max(0, after.length - before.length)).fill(LINE_BREAK),
    start,
    bytes: padded(after, before.length).subarray(start),
    length: after.length,
  };
}

/** Whether no step can be interrupted halfway, except by a failing disk. */
export function isOnePage({ start, bytes }: Overwrite): boolean {
  return Math.floor(start / PAGE) === Math.floor((start + Math.max(1, bytes.length) - 1) / PAGE);
}

/**
 * The text to write where `current` is what an interrupted overwrite left: the old text where only line breaks had been
 * appended to it, else the new one. `undefined`: it was not cut off, or the user has saved the file since.
 */
export function finishedText(current: Uint8Array, before: Uint8Array, after: Uint8Array): Uint8Array | undefined {
  if (isEqual(current, before) || isEqual(current, after) || !isCutOff(current, before, after)) return undefined;
  return isEqual(current, padded(before, current.length)) ? before : after;
}

/** Whether each sector is from the old text or from the new one. */
function isCutOff(current: Uint8Array, before: Uint8Array, after: Uint8Array): boolean {
  const longest = Math.max(before.length, after.length);
  if (![before.length, after.length, longest].includes(current.length)) return false;
  const [old, now] = [padded(before, longest), padded(after, longest)];
  for (let start = 0; start < current.length; start += SECTOR) {
    const sector = current.subarray(start, start + SECTOR);
    if (![old, now].some((text) => isEqual(sector, text.subarray(start, start + sector.length)))) return false;
  }
  return true;
}

export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function padded(text: Uint8Array, length: number): Uint8Array {
  if (text.length >= length) return text;
  const all = new Uint8Array(length).fill(LINE_BREAK);
  all.set(text);
  return all;
}
