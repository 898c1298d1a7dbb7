/**
 * Whether a text became another one by nothing more than what dropping these entries takes: their lines commented out,
 * changed or deleted, and no other line. Anything beyond that may be half of something else.
 */
export function isLineWise(before: string, after: string, dropped: readonly string[]): boolean {
  const names = (line: string): boolean => dropped.some((name) => line.includes(name));
  const [old, now] = [before.split('\n'), after.split('\n')];
  const isChangedInPlace = old.length === now.length && old.every((line, at) => line === now[at] || names(line));
  if (isChangedInPlace) return true;
  const [rest, left] = [old, now].map((lines) => lines.filter((line) => !names(line)));
  return rest?.join('\n') === left?.join('\n');
}
