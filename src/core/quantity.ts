const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size for people, in powers of 1000 as disks are sold: `59.7 MB`. */
export function formatBytes(bytes: number): string {
  let power = 0;
  let value = bytes;
  // What would be rounded to 1000 is one of the next unit.
  for (; value >= 999.5 && power < UNITS.length - 1; power += 1) value /= 1000;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function totalSize(things: readonly { readonly size: number }[]): number {
  return things.reduce((sum, { size }) => sum + size, 0);
}

/** A number of bytes, or of anything else that is counted exactly. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** A number of bytes in digits; `undefined` for anything else, also for more than can be counted exactly. */
export function readCount(digits: string | undefined): number | undefined {
  const value = digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
  return isCount(value) ? value : undefined;
}

/** `8 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `8 s left`, `4 min left`: rounded up, so that it changes rarely and is never 0. */
export function timeLeft(seconds: number): string {
  if (seconds <= 99) return `${Math.max(1, Math.ceil(seconds))} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 99 ? `${minutes} min left` : `${Math.ceil(seconds / 3600)} h left`;
}
