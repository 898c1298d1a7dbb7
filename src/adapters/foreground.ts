import { readFileSync } from 'node:fs';

/** Whether the terminal is this program's: whoever reads from it in the background is stopped. */
export function isInForeground(): boolean {
  const groups = readGroups();
  return groups === undefined || groups.own === groups.foreground;
}

/** Whether the terminal is somebody else's; one that nobody has is not. */
export function isInBackground(): boolean {
  const groups = readGroups();
  return groups !== undefined && groups.foreground !== '-1' && groups.own !== groups.foreground;
}

/** The process group of this program and that of its terminal, by proc(5): some microseconds. */
function readGroups(): { readonly own: string | undefined; readonly foreground: string | undefined } | undefined {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { own: fields[2], foreground: fields[5] };
  } catch {
    return undefined;
  }
}
