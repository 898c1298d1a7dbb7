import { quote } from '../nix/quote.ts';
import type { Candidate } from '../registry/candidate.ts';
import { COMPUTED_NAME } from '../registry/spine.ts';
import type { SyntaxNode } from '../registry/syntax.ts';

/** How Nix gets at a value of the file: a text to evaluate in its place, and the attrpath to select from it. */
export interface Target {
  /** `undefined`: the file itself, as it lies on the disk. */
  readonly text: string | undefined;
  readonly path: readonly string[];
  /** Whether what is there then is a list with just the value in it, as the body of functions or of none. */
  readonly isBody: boolean;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_'-]*$/;
const KEYWORDS = new Set(['if', 'then', 'else', 'assert', 'with', 'let', 'in', 'rec', 'inherit', 'or']);

/**
 * The target of a binding. What the result of the file has is selected from it. What is bound in a `let` cannot be
 * reached from outside: there the name takes the place of the body of the `let`, and all other text stays where it is,
 * so that the positions in errors stay true. In brackets, because the functions around it are called, and one that is
 * the value itself must not be. `undefined`: a name on the way cannot be written.
 */
export function targetOf({ path, holder }: Candidate, text: string): Target | undefined {
  if (path.includes(COMPUTED_NAME)) return undefined;
  if (!holder) return { text, path, isBody: false };
  const { body, depth } = holder;
  const [name, ...rest] = path.slice(depth);
  if (name === undefined || !NAME.test(name) || KEYWORDS.has(name)) return undefined;
  const selected = `[ ${[name, ...rest.map(quote)].join('.')} ]`;
  const spliced = text.slice(0, body.startIndex) + inPlaceOf(body, selected, text) + text.slice(body.endIndex);
  return { text: spliced, path: path.slice(0, depth), isBody: true };
}

/** With as many lines as there were, for the sake of the positions after it. */
function inPlaceOf({ startIndex, endIndex }: SyntaxNode, selected: string, text: string): string {
  const [first = '', ...lines] = text.slice(startIndex, endIndex).replace(/[^\n]/g, ' ').split('\n');
  return [selected.padEnd(first.length), ...lines].join('\n');
}
