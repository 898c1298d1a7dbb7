import { printable } from '../catalogue/names.ts';

export interface User {
  readonly pid: number;
  readonly command: string;
}

/** Characters of a command line that are shown. */
const SHOWN = 80;

/** A user in words: `process 4711 (whisper-cli -m …)`. */
export function describeUser({ pid, command }: User): string {
  const shown = command.length > SHOWN ? `${command.slice(0, SHOWN)}…` : command;
  return `process ${pid} (${printable(shown)})`;
}

/** What an argument of a command line may name as a file: all of it, what follows a `=`, what is glued to `-m`. */
export function pathsIn(argument: string): readonly string[] {
  const value = /^[^=/]*=(.+)$/s.exec(argument)?.[1];
  const glued = /^-[A-Za-z](.+)$/s.exec(argument)?.[1];
  return [argument, ...(value === undefined ? [] : [value]), ...(glued === undefined ? [] : [glued])];
}

export function lastSegment(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
