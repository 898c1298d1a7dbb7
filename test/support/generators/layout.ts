import fc from 'fast-check';

/**
 * The layout of a generated text. A template is source text with marks where blanks, comments and line ends may be; a
 * layout says what each mark becomes. So one template is laid out in all manners, and shrinks to the plainest.
 */

/** Something has to set two tokens apart here; plainly a blank. */
export const BLANK = '\uE000';
/** Nothing is needed here. */
export const NOTHING = '\uE001';
/** A new line with the indentation that is in force. */
export const LINE = '\uE002';
/** From here on lines are indented by one step more; they take no room themselves. */
export const IN = '\uE003';
export const OUT = '\uE004';

export interface Layout {
  readonly blanks: readonly string[];
  readonly nothings: readonly string[];
  readonly lines: readonly string[];
  readonly step: string;
  /** Line ends, taken in turn. */
  readonly ends: readonly ('\n' | '\r\n')[];
  readonly start: string;
  readonly end: string;
}

/** Source text as it is written in these files: blanks become marks, and others come before `;` and `,`. Strings stay. */
export function code(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|''[^]*?''|[ \n;,]/g, (token) => CODE[token] ?? token);
}

const CODE: Readonly<Record<string, string>> = { ' ': BLANK, '\n': LINE, ';': `${NOTHING};`, ',': `${NOTHING},` };

/** Several lines between brackets, one step deeper. */
export function block(open: string, lines: readonly string[], close: string): string {
  return `${open}${IN}${lines.map((line) => LINE + line).join('')}${OUT}${LINE}${close}`;
}

// What people write into comments, and what a reader could take for something else.
const REMARK = [
  'keep this',
  'größer 😀',
  ']',
  '];',
  '"ggml-not.bin"',
  '"',
  "''",
  '${',
  '/* open',
  'activeModels = [ "ggml-no.bin" ];',
  '',
  '}',
  '\\',
  '# "ggml-nor.bin" ]',
];
const lineRemark = fc
  .tuple(fc.constantFrom('# ', '#', '## '), fc.constantFrom(...REMARK))
  .map(([mark, text]) => `${mark}${text}`);
const BLOCK_REMARK = [
  '/* keep this */',
  '/**/',
  '/***/',
  '/* ] */',
  '/* # */',
  "/* '' \" */",
  '/* /* */',
  '/* "ggml-nor.bin"\n */',
  '/* activeModels = [ "ggml-no.bin" ]; */',
  '/* ${ 模型 */',
  '/** a doc comment\n\n  * ] **/',
];
const blockRemark = fc.constantFrom(...BLOCK_REMARK);

const blank = fc.oneof(
  { weight: 6, arbitrary: fc.constant(' ') },
  fc.constantFrom('  ', '\t', ' \t ', LINE, `\n${LINE}`, ` \n${LINE}`),
  blockRemark.map((text) => ` ${text} `),
  blockRemark.map((text) => ` ${text}`),
  lineRemark.map((text) => ` ${text}${LINE}`),
);

const nothing = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc.constantFrom(' ', '\t', LINE, `${LINE}\n`),
  blockRemark,
  lineRemark.map((text) => `${text}${LINE}`),
);

const COMMENTED = ['ggml-tiny.bin', 'ggml-not.bin', 'ggml-small.bin', 'tiny', 'base.en-q5_1', 'not'];
const commented = fc
  .tuple(
    fc.constantFrom('#', '# ', '#  ', '#\t'),
    fc.constantFrom(...COMMENTED),
    fc.constantFrom('', ' # note', ' ]', ' /* a */'),
  )
  .map(([mark, name, note]) => `${LINE}${mark}"${name}"${note}`);

const line = fc.oneof(
  { weight: 8, arbitrary: fc.constant(LINE) },
  fc.constantFrom(`\n${LINE}`, `${LINE} `, `  ${LINE}`, `${LINE}\t`, `\n \n${LINE}`),
  { weight: 2, arbitrary: lineRemark.map((text) => `   ${text}${LINE}`) },
  lineRemark.map((text) => `${text}${LINE}`),
  lineRemark.map((text) => `${LINE}${text}${LINE}`),
  { weight: 2, arbitrary: commented.map((text) => `${text}${LINE}`) },
  blockRemark.map((text) => ` ${text}${LINE}`),
  blockRemark.map((text) => `${LINE}${text}${LINE}`),
  blockRemark.map((text) => `${LINE}${text} `),
);

const last = fc.oneof(
  { weight: 4, arbitrary: fc.constant('\n') },
  fc.constantFrom('', '\n\n', ' ', '\n  \n'),
  lineRemark.map((text) => `\n${text}`),
  blockRemark.map((text) => `\n${text}\n`),
);

/** Layouts; the plainest is one blank, one line feed and two blanks a step. */
export const layout: fc.Arbitrary<Layout> = fc.record({
  blanks: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(blank, { maxLength: 9 })),
  nothings: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(nothing, { maxLength: 7 })),
  lines: fc.oneof(fc.constant([]), { weight: 2, arbitrary: fc.array(line, { maxLength: 11 }) }),
  step: fc.constantFrom('  ', '    ', '\t', '', ' \t'),
  ends: fc.oneof(
    { weight: 4, arbitrary: fc.constant<'\n'[]>(['\n']) },
    fc.constant<'\r\n'[]>(['\r\n']),
    fc.array(fc.constantFrom<'\n' | '\r\n'>('\n', '\r\n'), { minLength: 1, maxLength: 5 }),
  ),
  start: fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    lineRemark.map((text) => `${text}\n`),
    blockRemark,
    fc.constantFrom('\n', ' ', '\r\n'),
  ),
  end: last,
});

/** The text that a template becomes in a layout. */
export function layOut(template: string, { blanks, nothings, lines, step, ends, start, end }: Layout): string {
  const fill = {
    [BLANK]: inTurn(blanks, ' '),
    [NOTHING]: inTurn(nothings, ''),
    [LINE]: inTurn(lines, LINE),
  };
  const filled = template.replace(MARKS, (mark) => fill[mark as keyof typeof fill]());
  const nextEnd = inTurn(ends, '\n');
  return (start + indent(filled, step) + end).replace(/\r?\n/g, () => nextEnd());
}

const MARKS = new RegExp(`[${BLANK}${NOTHING}${LINE}]`, 'g');
const INDENTED = new RegExp(`[${LINE}${IN}${OUT}]`, 'g');

function inTurn<T>(values: readonly T[], plain: T): () => T {
  let taken = 0;
  return () => values[taken++ % Math.max(1, values.length)] ?? plain;
}

function indent(text: string, step: string): string {
  let depth = 0;
  return text.replace(INDENTED, (mark) => {
    if (mark === LINE) return `\n${step.repeat(Math.max(0, depth))}`;
    depth += mark === IN ? 1 : -1;
    return '';
  });
}
