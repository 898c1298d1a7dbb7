import { readStringLiteral, type StringLiteral } from '../nix/string-literal.ts';
import { commentEnd, isComputed, type StringList } from './list.ts';
import type { Reading, Registry } from './registry.ts';

// What stands between the brackets: anything rarer than this is read the long way, with the syntax tree.
const PLAIN = /^[\t\n\u0020-\u007E\u00A0-\u{10FFFF}]*$/u;
const PLAIN_LITERAL = /^"[A-Za-z0-9._-]*"$/;

/**
 * The registry that a text is, where it differs from one that was read before only in what its one plain list holds, as the
 * files of worktrees do: what surrounds the list means the same then. `undefined`: it has to be read the long way.
 */
export function readSameButList(known: Reading, file: string, text: string): Registry | undefined {
  const list = onlyList(known);
  if (!list) return undefined;
  const start = list.start + 1;
  const suffix = known.text.slice(list.end - 1);
  const end = text.length - suffix.length;
  if (end < start || !text.endsWith(suffix) || !text.startsWith(known.text.slice(0, start))) return undefined;
  const elements = readPlainList(text, start, end);
  if (!elements) return undefined;
  const { attrpath, isHidden, binding } = known;
  const grown = text.length - known.text.length;
  return {
    file,
    text,
    attrpath,
    isHidden,
    source: 'static',
    entries: elements.map(({ value, ...span }) => ({ value, span: { start: span.start, end: span.end } })),
    binding: { start: binding.start, end: binding.end + grown },
    modelsDir: undefined,
  };
}

function onlyList({ value, binding }: Reading): StringList | undefined {
  const [part, ...others] = value;
  if (!part || others.length > 0 || isComputed(part)) return undefined;
  // Where the binding is elsewhere, what it says of the list is another story.
  return binding.start <= part.list.start && part.list.end <= binding.end ? part.list : undefined;
}

/** String literals, comments and blanks from `start` to `end`, and nothing else. */
function readPlainList(text: string, start: number, end: number): readonly StringLiteral[] | undefined {
  if (!PLAIN.test(text.slice(start, end))) return undefined;
  const elements: StringLiteral[] = [];
  let at = start;
  while (at < end) {
    const char = text[at] as string;
    if (char === ' ' || char === '\n' || char === '\t') {
      at += 1;
    } else if (char === '#' || text.startsWith('/*', at)) {
      at = commentEnd(text, at);
    } else {
      const literal = readStringLiteral(text, at);
      if (!literal || !PLAIN_LITERAL.test(text.slice(at, literal.end))) return undefined;
      if (!/[\s#\]]/.test(text[literal.end] ?? '')) return undefined;
      elements.push(literal);
      at = literal.end;
    }
  }
  return at === end ? elements : undefined;
}
