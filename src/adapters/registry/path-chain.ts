import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { identityOf } from '../fs/identity.ts';

/** A folder whose entry `name` decides where a path leads. */
interface Hop {
  readonly folder: string;
  readonly name: string;
  /** Which folder it is: another one may have its path by now. */
  readonly identity: string;
}

/** The links and folders that a path leads through. */
export interface Chain {
  /** The folder of each link in the path, and the one that it ends in. */
  readonly hops: readonly Hop[];
  /** The path with links followed; it may not exist. */
  readonly target: string;
  /** Whether a segment before the last one is missing. */
  readonly isBroken: boolean;
}

/** As many links as Linux follows before it says ELOOP (path_resolution(7)). */
const MAX_LINKS = 40;

/** Follows a path segment by segment, and returns the folders that decide where it leads. */
export function followPath(path: string): Chain {
  const hops: Hop[] = [];
  const rest = segmentsOf(resolve(path));
  let current = '/';
  let links = 0;
  for (let segment = rest.shift(); segment !== undefined; segment = rest.shift()) {
    const next = resolve(current, segment);
    const found = lstatIfReachable(next);
    const isLast = rest.length === 0;
    if (!found?.isSymbolicLink() && found && !isLast) {
      current = next;
      continue;
    }
    hops.push({ folder: current, name: segment, identity: identityOf(lstatIfReachable(current)) });
    if (!found?.isSymbolicLink() || ++links > MAX_LINKS) return { hops, target: next, isBroken: !isLast };
    const target = readLink(next);
    rest.unshift(...segmentsOf(target));
    if (isAbsolute(target)) current = '/';
  }
  return { hops, target: current, isBroken: false };
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}

function lstatIfReachable(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    // It does not exist or cannot be reached: the path ends here.
    return undefined;
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return dirname(path);
  }
}
