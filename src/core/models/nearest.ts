/**
 * The candidates that a mistyped name most likely means, nearest first, at most `count`.
 * Distance: edits of one character, with neighbours swapped as one edit (optimal string alignment).
 */
export function nearest(given: string, candidates: Iterable<string>, count = 3): readonly string[] {
  const limit = Math.max(2, Math.floor(given.length / 3));
  const isNear = (name: string): boolean => Math.abs(name.length - given.length) <= limit;
  const scored = [...candidates]
    .filter(isNear)
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }));
  return scored
    .filter((each) => each.distance <= limit)
    .toSorted((a, b) => a.distance - b.distance || sharedPrefix(given, b.name) - sharedPrefix(given, a.name))
    .slice(0, count)
    .map((each) => each.name);
}

function distance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substitution = cell(previous, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(cell(previous, column) + 1, cell(current, column - 1) + 1, substitution);
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        best = Math.min(best, cell(beforePrevious, column - 2) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return cell(previous, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
