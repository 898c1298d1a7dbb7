import { quote } from '../../nix/literals.ts';
import type { Span } from '../../nix/problems.ts';
import { attributeNames, bindingsIn, isSet, nameNodes } from '../attrset-bindings.ts';
import { lineEnd, lineStart } from '../diagnostic.ts';
import { MODEL_SOURCES } from '../sources/find-sources.ts';
import { stripParentheses, type SyntaxNode } from '../syntax.ts';
import {
  blanksBefore,
  deeper,
  indentationAt,
  isFirstOnLine,
  lineBreakAt,
  lineIndentation,
  type TextEdit,
} from './layout.ts';

/** Attributes of a source as Nix writes them, in order. */
export type Attributes = readonly (readonly [name: string, value: string])[];

/** The nodes around a span, the outermost first, down to the smallest that contains all of it. */
export function nodesAround(root: SyntaxNode, { start, end }: Span): readonly SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  for (let node: SyntaxNode | undefined = root; node;) {
    nodes.push(node);
    node = node.children.find((child) => child.startIndex <= start && child.endIndex >= end && start < end);
  }
  return nodes;
}

/** The innermost binding around a span. */
export function bindingAround(root: SyntaxNode, span: Span): SyntaxNode | undefined {
  return nodesAround(root, span).findLast(({ type }) => type === 'binding');
}

/** Whether the innermost set around a binding is a `rec` set. */
export function isInRec(root: SyntaxNode, { startIndex: start, endIndex: end }: SyntaxNode): boolean {
  return nodesAround(root, { start, end }).findLast(isSet)?.type === 'rec_attrset_expression';
}

/** How bindings on lines of their own begin. */
interface Layout {
  readonly indentation: string;
  readonly lineBreak: string;
}

/** Adds a binding of `modelSources` after the one of the list, in its style. `undefined`: its name cannot be replaced by another. */
export function addBinding(
  text: string,
  list: SyntaxNode,
  entries: ReadonlyMap<string, Attributes>,
): TextEdit | undefined {
  const prefix = prefixOf(text, list);
  if (prefix === undefined) return undefined;
  const layout = layoutOf(text, list);
  const value = setOf(entriesIn(entries, layout && inside(layout)), layout);
  const isSpread = text.slice(list.startIndex, list.endIndex).includes('\n');
  const gap = layout && isSpread ? layout.lineBreak : '';
  return insertAfter(text, list, [`${prefix}${MODEL_SOURCES} = ${value};`], layout, gap);
}

/** Adds entries at the end of a set. */
export function addEntries(text: string, set: SyntaxNode, entries: ReadonlyMap<string, Attributes>): TextEdit {
  const bindings = bindingsIn(set, text).all;
  const last = bindings.at(-1);
  if (last) {
    const first = bindings.findLast(({ startIndex }) => isFirstOnLine(text, startIndex));
    const layout = first && layoutOf(text, first);
    return insertAfter(text, last, entriesIn(entries, layout), layout);
  }
  const { startIndex: start, endIndex: end } = set;
  const outer = { indentation: lineIndentation(text, start), lineBreak: lineBreakAt(text, start) };
  const layout = inside(outer);
  const written = entriesIn(entries, layout).map((each) => layout.indentation + each);
  const open = text.indexOf('{', start) + 1;
  const body = [text.slice(open, end - 1).trimEnd(), ...written, outer.indentation].join(outer.lineBreak);
  return { start: open, end: end - 1, text: body };
}

/** Adds entries after a binding of a part of `modelSources`, with `prefix` before each name. */
export function addParts(
  text: string,
  last: SyntaxNode,
  prefix: string,
  entries: ReadonlyMap<string, Attributes>,
): TextEdit {
  const layout = layoutOf(text, last);
  const written = entriesIn(entries, layout).map((each) => prefix + each);
  return insertAfter(text, last, written, layout);
}

/** Adds attributes of a source after one that it has, with the same attrpath but for the last name. */
export function addSiblings(text: string, binding: SyntaxNode, attributes: Attributes): TextEdit | undefined {
  const prefix = prefixOf(text, binding);
  if (prefix === undefined) return undefined;
  const written = attributes.map(([name, value]) => `${prefix}${name} = ${value};`);
  return insertAfter(text, binding, written, layoutOf(text, binding));
}

/** What is before the last name of an attrpath. */
function prefixOf(text: string, binding: SyntaxNode): string | undefined {
  const last = nameNodes(binding).at(-1);
  return last && text.slice(binding.startIndex, last.startIndex);
}

function entriesIn(entries: ReadonlyMap<string, Attributes>, layout: Layout | undefined): readonly string[] {
  return Array.from(entries, ([file, attributes]) => {
    const bindings = attributes.map(([name, value]) => `${name} = ${value};`);
    return `${quote(file)} = ${setOf(bindings, layout)};`;
  });
}

/** A set that begins on a line of the layout, or on one line. */
function setOf(bindings: readonly string[], layout: Layout | undefined): string {
  if (!layout) return `{ ${bindings.join(' ')} }`;
  const { indentation, lineBreak } = layout;
  return ['{', ...bindings.map((each) => deeper(indentation) + each), `${indentation}}`].join(lineBreak);
}

/** Deletes bindings: their own lines, or with the blanks before them on shared ones. A set that becomes empty is `{ }`. */
export function deleteBindings(
  text: string,
  bindings: readonly SyntaxNode[],
  set: SyntaxNode | undefined,
): readonly TextEdit[] {
  const gone = new Set(bindings.map(({ startIndex }) => startIndex));
  if (set && bindingsIn(set, text).all.every(({ startIndex }) => gone.has(startIndex))) {
    const open = text.indexOf('{', set.startIndex) + 1;
    const rest = bindings.reduceRight(
      (left, { startIndex, endIndex }) => left.slice(0, startIndex - open) + left.slice(endIndex - open),
      text.slice(open, set.endIndex - 1),
    );
    if (rest.trim() === '') return [{ start: open, end: set.endIndex - 1, text: ' ' }];
  }
  return bindings.map(({ startIndex, endIndex }) => {
    const ends = /^[ \t]*(#[^\n]*)?\r?(?=\n|$)/.exec(text.slice(endIndex, lineEnd(text, endIndex) + 1));
    const next = text.indexOf('\n', endIndex);
    if (isFirstOnLine(text, startIndex) && ends && next >= 0)
      return { start: lineStart(text, startIndex), end: next + 1, text: '' };
    return { start: blanksBefore(text, startIndex), end: endIndex, text: '' };
  });
}

/** The set that is written as the value of a binding whose last name is `modelSources`. */
export function writtenSet(binding: SyntaxNode, text: string): SyntaxNode | undefined {
  const value = binding.type === 'binding' ? binding.childForFieldName('expression') : null;
  const set = value && stripParentheses(value);
  return set && isSet(set) && attributeNames(binding, text).at(-1) === MODEL_SOURCES ? set : undefined;
}

/** `undefined`: something else is before it on its line. */
function layoutOf(text: string, { startIndex }: SyntaxNode): Layout | undefined {
  if (!isFirstOnLine(text, startIndex)) return undefined;
  return { indentation: indentationAt(text, startIndex), lineBreak: lineBreakAt(text, startIndex) };
}

function inside({ indentation, lineBreak }: Layout): Layout {
  return { indentation: deeper(indentation), lineBreak };
}

/** Inserts after a binding: on new lines, behind a comment on the line of its end, or on the same line. */
function insertAfter(
  text: string,
  { endIndex }: SyntaxNode,
  inserted: readonly string[],
  layout: Layout | undefined,
  gap = '',
): TextEdit {
  if (!layout) return { start: endIndex, end: endIndex, text: inserted.map((each) => ` ${each}`).join('') };
  const line = text.slice(endIndex, lineEnd(text, endIndex));
  const at = /^[ \t]*(#.*|\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*)?\r?$/.test(line)
    ? endIndex + line.trimEnd().length
    : endIndex;
  const before = layout.lineBreak + layout.indentation;
  return { start: at, end: at, text: gap + inserted.map((each) => before + each).join('') };
}
