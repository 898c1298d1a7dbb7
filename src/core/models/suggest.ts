import { shortName } from './name.ts';
import { nearest } from './nearest.ts';

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

/** The names that have all words of another name, those with the fewest others first: `large-turbo` → `large-v3-turbo`. */
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
