import { shortName } from './names.ts';

/** What other tools call these models, and the first word that people try. */
const OTHER_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['large', ['large-v3', 'large-v3-turbo', 'large-v2']],
  ['turbo', ['large-v3-turbo', 'large-v3-turbo-q5_0', 'large-v3-turbo-q8_0']],
  ['vad', ['silero-v6.2.0']],
]);

/** How many names are suggested where none is sure to be meant. */
const MOST = 3;

/** The short names, out of `known`, that a name without a model probably means; likelier ones first. */
export function suggestNames(given: string, known: ReadonlySet<string>): readonly string[] {
  const typed = shortName(given);
  const plain = plainName(typed);
  const meant = [plain, ...(OTHER_NAMES.get(plain) ?? [])].filter((name) => known.has(name));
  const near = nearest(typed, known, MOST);
  const found = new Set([...meant, ...near, ...(meant.length + near.length === 0 ? nearest(plain, known, MOST) : [])]);
  return found.size > 0 ? [...found] : withWords(plain, known);
}

/** A name as whisper.cpp has it: `openai/whisper-large-v3`, `faster-whisper-large-v3` and `LARGE-V3.pt` → `large-v3`. */
function plainName(name: string): string {
  const end = name.trim().split(/[/\\]/).at(-1);
  return (end ?? '')
    .toLowerCase()
    .replace(/\.(bin|pt|gguf)$/, '')
    .replace(/^((ggml|openai|faster|whisper)-)+/, '');
}

function withWords(name: string, known: ReadonlySet<string>): readonly string[] {
  const words = wordsOf(name);
  if (words.every((word) => word.length < 2)) return [];
  return [...known]
    .filter((each) => words.every((word) => wordsOf(each).includes(word)))
    .toSorted((a, b) => wordsOf(a).length - wordsOf(b).length)
    .slice(0, MOST);
}

function wordsOf(name: string): readonly string[] {
  return name.split(/[._-]/);
}

/** The `count` nearest candidates at most, nearest first (optimal string alignment: a swap of neighbours is one edit). */
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
