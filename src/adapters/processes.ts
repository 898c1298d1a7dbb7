import type { User } from '../core/models/usage.ts';

export function findUsers(
  _folder: string,
  _names: readonly string[],
  _environment: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, readonly User[]> {
  return new Map();
}
