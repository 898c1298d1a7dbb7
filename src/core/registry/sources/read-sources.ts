import { type Target, targetOf } from '../../evaluation/target.ts';
import type { SourcesAnswer } from '../../evaluation/answer.ts';
import { sourcesNeedNix, sourcesNotASet } from '../../messages/sources.ts';
import type { Span } from '../../nix/problems.ts';
import { placeOf } from '../diagnostic.ts';
import { follow } from '../follow.ts';
import { type Computed, isComputed } from '../list.ts';
import { obstacleOf, perhapsIn, SEVERAL } from '../models-dir.ts';
import { isSamePath } from '../search/attr.ts';
import type { BindingMatch, End, Piece } from '../search/binding-search.ts';
import { type ParsedText, spanOf, stripParentheses, type SyntaxNode } from '../syntax.ts';
import { whyComputed } from '../why-computed.ts';
import { readAttributes, type Part, type Wanted } from './attrs.ts';
import { findSources, MODEL_SOURCES, type SourceBindings } from './find-sources.ts';
import { entriesOf, typeOf, type WrittenSource } from './entries.ts';
import { checkSources, isSourceAttribute, type ModelSource, type PlaceOf } from './source.ts';

/** The `modelSources` of a file: its entries, or why it is computed and how Nix evaluates it. */
export type SourcesSetting =
  | {
      readonly sources: readonly ModelSource[];
      /** Where they are written; empty where Nix has evaluated them. */
      readonly written: readonly WrittenSource[];
      readonly place: Span;
      /** The path of the list that they were looked for beside. */
      readonly list: readonly string[] | undefined;
    }
  | { readonly computed: Computed; readonly target: Target | undefined; readonly isCertain: boolean };

/** An entry of `modelSources` and an attribute of it. */
const WANTED: Wanted = { depth: 2, isWanted: ([, name]) => name === undefined || isSourceAttribute(name) };

/**
 * Reads `modelSources`; `undefined` where the file has none. `list`: the binding of the list; `end`: the computed expression that
 * the list is in. Throws `registry-bad-source` (exit 3) where an entry that is written out is not a source.
 */
export function readModelSources(
  parsed: ParsedText,
  file: string,
  list: BindingMatch | undefined,
  end: End | undefined,
): SourcesSetting | undefined {
  const { text } = parsed;
  // Most files have none: they are not walked if they have neither the name nor anything that may form it.
  if (!end && !/modelSources|\\|\$\{|\/\//.test(text)) return undefined;
  const bindings = findSources(parsed, list?.path);
  const { matches, pieces } = bindings;
  const all = [...matches, ...pieces];
  const [first] = all;
  // What is bound in a `let` may be hidden by an attribute of the result.
  const isHidden = all.every(({ enclosingLet }) => enclosingLet !== undefined);
  const other = end ?? (list?.enclosingLet ? undefined : bindings.side);
  if (!first || (isHidden && other))
    return other && { ...perhapsIn(other.node, text, [...other.path, MODEL_SOURCES]), isCertain: false };
  const place = spanOf('node' in first ? first.node : first.binding);
  const computed = (reason: Computed): SourcesSetting => ({
    computed: reason,
    target: targetOfAll(all, text),
    isCertain: true,
  });
  const parts = partsOf(parsed, bindings, list, place);
  if (isComputed(parts)) return computed(parts);
  const attributes = readAttributes(parts, text, WANTED, place);
  if (isComputed(attributes)) return computed(attributes);
  const instead = attributes.leaves.find(({ names }) => names.length === 0);
  const type = instead && typeOf(instead);
  if (type !== undefined) throw sourcesNotASet(type, placeOf(file, text, place));
  const written = entriesOf(attributes, text);
  if (isComputed(written)) return computed(written);
  const placeOfPart: PlaceOf = (key, attribute) => {
    const entry = written.findLast((each) => each.key === key);
    return placeOf(file, text, (attribute && entry?.places[attribute]) ?? entry?.name ?? place);
  };
  return { sources: checkSources(written, placeOfPart), written, place, list: list?.path };
}

/** What is bound to the name, as one set; computed where that is not certain. */
function partsOf(
  parsed: ParsedText,
  { matches, pieces }: SourceBindings,
  list: BindingMatch | undefined,
  place: Span,
): readonly Part[] | Computed {
  const { text } = parsed;
  for (const match of matches) {
    const obstacle = match.obstacle ?? obstacleOf(parsed, match, list?.condition);
    if (obstacle) return obstacle;
    if (match.assertion) return whyComputed(match.assertion, text);
  }
  const [piece] = pieces;
  if (piece) return piecesOf(matches, pieces, piece, text);
  const [alone] = matches;
  if (alone && matches.length === 1) return [{ names: [], definition: alone.definition, binding: undefined }];
  const found = new Map<number, BindingMatch>();
  for (const match of matches) {
    const followed = follow(match.definition, spanOf(match.node), text);
    if (isComputed(followed)) return followed;
    found.set(followed.node.startIndex, match);
  }
  const [only, second] = found.values();
  if (second) return { ...spanOf(second.node), reason: SEVERAL };
  return only ? [{ names: [], definition: only.definition, binding: undefined }] : { ...place, reason: SEVERAL };
}

/** Parts of one set (`modelSources.a = …; modelSources.b.url = …;`), and bindings that inherit it. */
function piecesOf(
  matches: readonly BindingMatch[],
  pieces: readonly Piece[],
  { siblings, scope }: Piece,
  text: string,
): readonly Part[] | Computed {
  const parts: Part[] = [];
  const isOwn = (node: SyntaxNode): boolean => siblings.all.some(({ startIndex }) => startIndex === node.startIndex);
  for (const { rest, binding, value, isPlain, ...piece } of pieces) {
    const isKnown = isPlain && piece.siblings === siblings && rest.every((name) => name !== undefined);
    if (!isKnown) return { ...spanOf(binding), reason: SEVERAL };
    parts.push({
      names: rest.filter((name) => name !== undefined),
      definition: { kind: 'value', node: value, scope: piece.scope },
      binding,
    });
  }
  for (const { node, definition } of matches) {
    const value = node.type === 'binding' && isOwn(node) ? node.childForFieldName('expression') : null;
    const set = value && stripParentheses(value);
    // Nix merges a set that is written out with the parts beside it.
    if (set?.type === 'attrset_expression') {
      parts.unshift({ names: [], definition: { kind: 'value', node: set, scope }, binding: undefined });
    } else if (definition.kind !== 'computed' || !isOwn(definition.node)) {
      return { ...spanOf(node), reason: SEVERAL };
    }
  }
  return parts.length > 0 ? parts : whyComputed(siblings.all[0] as SyntaxNode, text);
}

/** The target of the value that the result of the file has, or else of what one `let` binds; `undefined`: there are several. */
function targetOfAll(all: readonly (BindingMatch | Piece)[], text: string): Target | undefined {
  const exported = all.filter(({ enclosingLet }) => !enclosingLet);
  const [first, ...others] = exported.length > 0 ? exported : all;
  const body = first?.enclosingLet?.body.startIndex;
  const isOne = others.every(
    ({ path, enclosingLet }) => first && isSamePath(path, first.path) && enclosingLet?.body.startIndex === body,
  );
  return first && isOne ? targetOf(first, text) : undefined;
}

/** The setting that Nix has evaluated. Throws `registry-bad-source` (exit 3) where an entry is not a source. */
export function evaluatedSources(
  answer: SourcesAnswer,
  { computed, target }: Extract<SourcesSetting, { readonly computed: Computed }>,
  { file, text }: { readonly file: string; readonly text: string },
): SourcesSetting | undefined {
  const place = placeOf(file, text, computed);
  if (answer.kind === 'missing' && target?.isBody === false) return undefined;
  if (answer.kind !== 'sources') throw sourcesNotASet(answer.kind === 'other' ? answer.type : 'nothing', place);
  const { start, end } = computed;
  return { sources: checkSources(answer.sources, () => place), written: [], place: { start, end }, list: undefined };
}

/** The sources of a registry. Throws `registry-computed` (exit 3) where only Nix can tell what they are. */
export function declaredSources(
  setting: SourcesSetting | undefined,
  { file, text }: { readonly file: string; readonly text: string },
): readonly ModelSource[] {
  if (!setting) return [];
  if ('sources' in setting) return setting.sources;
  if (setting.isCertain) throw sourcesNeedNix(setting.computed.reason, placeOf(file, text, setting.computed));
  return [];
}
