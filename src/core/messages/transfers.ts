import { printable, shortName } from '../models/name.ts';

/** What is said while models come in. `file` is a model's file name, `cache` an address fit to be shown. */

/** Others could not be had: of those the errors follow. */
export function arrivedAllTheSame(files: readonly string[]): string {
  return `Arrived all the same: ${files.map(shortName).join(', ')}`;
}

/** A download that was cancelled because its model is no longer listed; `isRemoved`: no other registry wants what had arrived. */
export function downloadCancelled(file: string, isRemoved: boolean): string {
  const rest = isRemoved ? ', and removed the unfinished file' : '';
  return `Cancelled the download of ${shortName(file)}, which is no longer listed${rest}`;
}

export function firstSeen(file: string): string {
  return `${shortName(file)}: no hash was known before; its sha256 is recorded as first seen`;
}

/** What an earlier run left is of no use. */
export function otherBefore(file: string): string {
  return `${shortName(file)}: what an earlier run brought is of another file; fetching it from the start`;
}

export function changedOnHub(file: string): string {
  return `${shortName(file)} has changed on the hub; fetching it from the start`;
}

export function wrongBytesOnce(file: string): string {
  return `${shortName(file)}: the bytes are wrong; fetching it again from the start`;
}

/** `parts`: what the disk lost, in words; `undefined`: something of what an earlier run brought. */
export function lostOnDisk(file: string, parts: string | undefined): string {
  const what = parts ?? 'all that an earlier run brought';
  return `${shortName(file)}: the disk did not keep ${what}; fetching that again`;
}

/** `trouble`: the message of an error; `wait` in milliseconds. */
export function tryingAgain(trouble: string, wait: number): string {
  return `${trouble}; trying again in ${Math.ceil(wait / 1000)} s`;
}

export function tokenLeftOut(): string {
  return 'The hub does not accept the token; trying without it';
}

export function commitUntold(): string {
  return 'The hub does not say which commit it serves; it is used because the bytes are pinned';
}

/** An address that is named among the caches and cannot be asked. */
export function cacheLeftOut(address: string, reason: string): string {
  return printable(`The binary cache ${address} is left out: ${reason}`);
}

/** `trouble`: the message of an error. */
export function withoutCache(trouble: string, cache: string): string {
  return printable(`${trouble}; going on without the binary cache ${cache}`);
}
