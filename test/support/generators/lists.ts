import fc from 'fast-check';
import { code } from './layout.ts';
import { literal, type Literal } from './strings.ts';

/** An expression that comes to a list of strings, as a tree: the text is made of it later, when its names have a place. */
export type ListExpression =
  | { readonly kind: 'list'; readonly elements: readonly Element[]; readonly style: ListStyle }
  | { readonly kind: 'parentheses' | 'name'; readonly inner: ListExpression }
  | { readonly kind: 'concat'; readonly left: ListExpression; readonly right: ListExpression }
  // One name in two places.
  | { readonly kind: 'twice'; readonly inner: ListExpression }
  // Something that only an evaluator can tell, around a list.
  | { readonly kind: 'call'; readonly call: (typeof CALLS)[number]; readonly inner: ListExpression };

const CALLS = [
  ['map (name: name) (', ')'],
  ['builtins.filter (name: name != "ggml-tiny.bin") (', ')'],
  ['(if 1 < 2 then ', ' else [ ])'],
  ['(whole: whole) (', ')'],
  ['map (name: "ggml-${name}.bin") [ "small" ] ++ ', ''],
  ['(let whole = ', '; in whole ++ builtins.tail ([ "x" ] ++ whole))'],
].map((texts) => texts.map(code));

export type Element =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'parentheses' | 'name'; readonly inner: Element }
  | { readonly kind: 'interpolation'; readonly before: string; readonly inner: Element; readonly after: string };

export type ListStyle = 'lines' | 'row' | 'tight' | 'closing' | 'pairs';

const style = fc.constantFrom<ListStyle>('lines', 'lines', 'row', 'tight', 'closing', 'pairs');
const plainElement = literal.map((each): Element => ({ kind: 'literal', literal: each }));

const { element } = fc.letrec<{ element: Element }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 6, arbitrary: plainElement },
    tie('element').map((inner): Element => ({ kind: 'parentheses', inner })),
    tie('element').map((inner): Element => ({ kind: 'name', inner })),
    fc
      .record({ before: fc.constantFrom('', 'ggml-'), inner: tie('element'), after: fc.constantFrom('', '.bin', '$') })
      .map((parts): Element => ({ kind: 'interpolation', ...parts })),
  ),
}));

const listOf = (elements: fc.Arbitrary<Element>): fc.Arbitrary<ListExpression> =>
  fc
    .record({ elements: fc.array(elements, { maxLength: 6 }), style })
    .map((parts): ListExpression => ({ kind: 'list', ...parts }));

/** Lists of string literals: what most people write. */
export const literalList = listOf(plainElement);

const { list, partly } = fc.letrec<{ list: ListExpression; partly: ListExpression }>((tie) => {
  const around = (inner: fc.Arbitrary<ListExpression>): readonly fc.Arbitrary<ListExpression>[] => [
    inner.map((each): ListExpression => ({ kind: 'name', inner: each })),
    inner.map((each): ListExpression => ({ kind: 'parentheses', inner: each })),
    fc.tuple(inner, inner).map(toConcat),
    fc.tuple(inner, inner).map(toConcat),
    inner.map((each): ListExpression => ({ kind: 'twice', inner: each })),
  ];
  const depth = { depthSize: 'small', maxDepth: 4 } as const;
  const call = fc.constantFrom(...CALLS);
  return {
    list: fc.oneof(depth, { weight: 4, arbitrary: listOf(element) }, ...around(tie('list'))),
    partly: fc.oneof(
      depth,
      { weight: 3, arbitrary: listOf(element) },
      ...around(tie('partly')),
      fc.tuple(call, tie('partly')).map(([each, inner]): ListExpression => ({ kind: 'call', call: each, inner })),
    ),
  };
});

function toConcat([left, right]: readonly [ListExpression, ListExpression]): ListExpression {
  return { kind: 'concat', left, right };
}

/** Lists put together of literals, names, parentheses, `++` and interpolation of names: readable without evaluation. */
export const staticList = list;

/** The same, and parts of it that only an evaluator can tell. */
export const partlyComputedList = partly;
