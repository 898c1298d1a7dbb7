import { quote } from '../../nix/literals.ts';
import type { Span } from '../../nix/problems.ts';
import { attributeNames, isSet } from '../attrset-bindings.ts';
import { lineEnd, lineStart } from '../diagnostic.ts';
import { MODEL_SOURCES } from '../sources/find-sources.ts';
import { stripParentheses, type SyntaxNode } from '../syntax.ts';
import { indentationAt, isFirstOnLine, lineBreakAt, type TextEdit } from './layout.ts';

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

/** An entry of `modelSources` on lines of its own, or on one line. */
export function entryText(file: string, attributes: Attributes, layout: Layout | undefined): string {
  return `${quote(file)} = ${setOf(attributes, layout)};`;
}

/** How bindings on lines of their own begin: the indentation of the first, one step of it, the line break. */
export interface Layout {
  readonly indentation: string;
  readonly step: string;
  readonly lineBreak: string;
}

function setOf(attributes: Attributes, layout: Layout | undefined): string {
  const bindings = attributes.map(([name, value]) => `${name} = ${value};`);
  if (!layout) return `{ ${bindings.join(' ')} }`;
  const { indentation, step, lineBreak } = layout;
  return ['{', ...bindings.map((each) => indentation + step + each), `${indentation}}`].join(lineBreak);
}

/** Adds a binding of `modelSources` after the one of the list, in its style. `undefined`: its name cannot be replaced by another. */
export function addBinding(
  text: string,
  list: SyntaxNode,
  entries: ReadonlyMap<string, Attributes>,
): TextEdit | undefined {
  const names = nameNodes(list);
  const last = names?.at(-1);
  if (!last) return undefined;
  const prefix = text.slice(list.startIndex, last.startIndex);
  const layout = layoutOf(text, list.startIndex);
  const inner = layout && deeper(layout);
  const written = Array.from(entries, ([file, attributes]) => entryText(file, attributes, inner));
  const value =
    layout && inner
      ? ['{', ...written.map((each) => inner.indentation + each), `${layout.indentation}}`].join(layout.lineBreak)
      : `{ ${written.join(' ')} }`;
  return insertAfter(
    text,
    list,
    `${prefix}${MODEL_SOURCES} = ${value};`,
    layout,
    text.slice(list.startIndex, list.endIndex).includes('\n'),
  );
}

/** Adds entries at the end of a set. */
export function addEntries(text: string, set: SyntaxNode, entries: ReadonlyMap<string, Attributes>): TextEdit {
  const bindings = bindingNodes(set);
  const last = bindings.at(-1);
  if (last) {
    const first = bindings.findLast(({ startIndex }) => isFirstOnLine(text, startIndex));
    const layout = first && layoutOf(text, first.startIndex);
    const written = Array.from(entries, ([file, attributes]) => entryText(file, attributes, layout));
    return insertAfter(text, last, written.join(layout ? layout.lineBreak + layout.indentation : ' '), layout, false);
  }
  const outer = outerLayout(text, set);
  const layout = deeper(outer);
  const written = Array.from(entries, ([file, attributes]) => layout.indentation + entryText(file, attributes, layout));
  const open = text.indexOf('{', set.startIndex) + 1;
  const inside = text.slice(open, set.endIndex - 1);
  const rest = inside.trim() === '' ? '' : inside.replace(/\s+$/, '');
  const body = [rest, ...written, outer.indentation].join(outer.lineBreak);
  return { start: open, end: set.endIndex - 1, text: body };
}

/** Adds entries after a binding of a part of `modelSources`, with `prefix` before each name. */
export function addParts(
  text: string,
  last: SyntaxNode,
  prefix: string,
  entries: ReadonlyMap<string, Attributes>,
): TextEdit {
  const layout = layoutOf(text, last.startIndex);
  const written = Array.from(entries, ([file, attributes]) => prefix + entryText(file, attributes, layout));
  return insertAfter(text, last, written.join(layout ? layout.lineBreak + layout.indentation : ' '), layout, false);
}

/** Adds attributes of a source after one that it has, with the same attrpath but for the last name. */
export function addSiblings(text: string, binding: SyntaxNode, attributes: Attributes): TextEdit | undefined {
  const last = nameNodes(binding)?.at(-1);
  if (!last) return undefined;
  const prefix = text.slice(binding.startIndex, last.startIndex);
  const layout = layoutOf(text, binding.startIndex);
  const written = attributes.map(([name, value]) => `${prefix}${name} = ${value};`);
  return insertAfter(text, binding, written.join(layout ? layout.lineBreak + layout.indentation : ' '), layout, false);
}

/** Deletes bindings: their own lines, or with the blanks before them on shared ones. A set that becomes empty is `{ }`. */
export function deleteBindings(
  text: string,
  bindings: readonly SyntaxNode[],
  set: SyntaxNode | undefined,
): readonly TextEdit[] {
  const gone = new Set(bindings.map(({ startIndex }) => startIndex));
  if (set && bindingNodes(set).every(({ startIndex }) => gone.has(startIndex))) {
    const open = text.indexOf('{', set.startIndex) + 1;
    const rest = bindings.reduceRight(
      (inside, { startIndex, endIndex }) => inside.slice(0, startIndex - open) + inside.slice(endIndex - open),
      text.slice(open, set.endIndex - 1),
    );
    if (rest.trim() === '') return [{ start: open, end: set.endIndex - 1, text: ' ' }];
  }
  return bindings.map(({ startIndex, endIndex }) => {
    const ends = /^[ \t]*(#[^\n]*)?\r?(?=\n|$)/.exec(text.slice(endIndex, lineEnd(text, endIndex) + 1));
    const next = text.indexOf('\n', endIndex);
    if (isFirstOnLine(text, startIndex) && ends && next >= 0)
      return { start: lineStart(text, startIndex), end: next + 1, text: '' };
    const before = /[ \t]*$/.exec(text.slice(0, startIndex))?.[0].length ?? 0;
    return { start: startIndex - before, end: endIndex, text: '' };
  });
}

/** The nodes of the names in the attrpath of a binding. */
export function nameNodes(binding: SyntaxNode): readonly SyntaxNode[] | undefined {
  return binding.childForFieldName('attrpath')?.namedChildren.filter(({ type }) => type !== 'comment');
}

export function bindingNodes(set: SyntaxNode): readonly SyntaxNode[] {
  const inner = set.namedChildren.find(({ type }) => type === 'binding_set');
  return inner?.namedChildren.filter(({ type }) => type !== 'comment') ?? [];
}

/** The set that is written as the value of a binding whose last name is `modelSources`. */
export function writtenSet(binding: SyntaxNode, text: string): SyntaxNode | undefined {
  const value = binding.type === 'binding' ? binding.childForFieldName('expression') : null;
  const set = value && stripParentheses(value);
  return set && isSet(set) && attributeNames(binding, text).at(-1) === MODEL_SOURCES ? set : undefined;
}

/** `undefined`: something else is before it on its line. */
function layoutOf(text: string, start: number): Layout | undefined {
  if (!isFirstOnLine(text, start)) return undefined;
  const indentation = indentationAt(text, start);
  return { indentation, step: indentation.includes('\t') ? '\t' : '  ', lineBreak: lineBreakAt(text, start) };
}

function outerLayout(text: string, { startIndex }: SyntaxNode): Layout {
  const indentation = /^[ \t]*/.exec(text.slice(lineStart(text, startIndex)))?.[0] ?? '';
  return { indentation, step: indentation.includes('\t') ? '\t' : '  ', lineBreak: lineBreakAt(text, startIndex) };
}

function deeper({ indentation, step, lineBreak }: Layout): Layout {
  return { indentation: indentation + step, step, lineBreak };
}

/** Inserts after a binding: on a new line, behind a comment on the line of its end, or on the same line. */
function insertAfter(
  text: string,
  { endIndex }: SyntaxNode,
  inserted: string,
  layout: Layout | undefined,
  hasGap: boolean,
): TextEdit {
  if (!layout) return { start: endIndex, end: endIndex, text: ` ${inserted}` };
  const line = text.slice(endIndex, lineEnd(text, endIndex));
  const at = /^[ \t]*(#.*|\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*)?\r?$/.test(line)
    ? endIndex + line.trimEnd().length
    : endIndex;
  const { indentation, lineBreak } = layout;
  return { start: at, end: at, text: (hasGap ? lineBreak : '') + lineBreak + indentation + inserted };
}
