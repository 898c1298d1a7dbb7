import { printable } from './name.ts';

/** Who uses a model: a running process, or a variable that names it. */
export type User = { readonly pid: number; readonly command: string } | { readonly variable: 'WHISPER_MODEL' };

/** A user in words. */
export function describeUser(user: User): string {
  return 'variable' in user ? user.variable : `process ${user.pid} (${printable(user.command)})`;
}
