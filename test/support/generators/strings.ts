import fc from 'fast-check';
import { shortName } from '../../../src/core/catalogue/names.ts';

/** A string literal in source text, and its value; `undefined` where only Nix can tell. */
export interface Literal {
  readonly source: string;
  readonly value: string | undefined;
}

export const NAMES = ['tiny', 'base.en-q5_1', 'small', 'medium.en-q5_0', 'large-v3'].map((name) => `ggml-${name}.bin`);

/** File names of models. */
export const modelName = fc.constantFrom(...NAMES);

/** Names of models as lists have them, in full or short. */
const listedName = fc.oneof({ weight: 2, arbitrary: modelName }, modelName.map(shortName));

/** A piece of a literal: as it is written, and what it means. They come in any order: none changes what the next one means. */
type Piece = readonly [source: string, value: string];

const SHARED: readonly Piece[] = [
  ['a', 'a'],
  ['ggml-', 'ggml-'],
  [' ', ' '],
  ['😀', '😀'],
  ['模', '模'],
  ['#', '#'],
  ['/*', '/*'],
  ['*/', '*/'],
  [']', ']'],
  ['$x', '$x'],
  ['{', '{'],
  ['\u00a0', '\u00a0'],
];

const IN_QUOTES: readonly Piece[] = [
  ...SHARED,
  ['\\n', '\n'],
  ['\\r', '\r'],
  ['\\t', '\t'],
  ['\\"', '"'],
  ['\\\\', '\\'],
  ['\\${', '${'],
  ['\\$', '$'],
  ['$${', '$${'],
  ['$$', '$$'],
  ['\\g', 'g'],
  ['\\😀', '😀'],
  ["''", "''"],
  ["'", "'"],
  ['\n', '\n'],
  ['\t', '\t'],
];

const IN_INDENTED: readonly Piece[] = [
  ...SHARED,
  ["''${", '${'],
  ["''$", '$'],
  ['$${', '$${'],
  ["'''", "''"],
  ["''\\n", '\n'],
  ["''\\t", '\t'],
  ["''\\r", '\r'],
  ["''\\\\", '\\'],
  ["''\\q", 'q'],
  ['"', '"'],
  ['\\', '\\'],
  ['\\n', '\\n'],
  ["'a", "'a"],
];

function join(pieces: readonly Piece[]): Piece {
  return [pieces.map(([source]) => source).join(''), pieces.map(([, value]) => value).join('')];
}

const escaped = fc
  .array(fc.constantFrom(...IN_QUOTES), { minLength: 1, maxLength: 6 })
  .map(join)
  .map(([source, value]): Literal => ({ source: `"${source}"`, value }));

// On one line, where nothing is taken off of the start or the end, so that what it means is known.
const escapedIndented = fc
  .array(fc.constantFrom(...IN_INDENTED), { minLength: 1, maxLength: 6 })
  .map(join)
  .map(([source, value]): Literal => {
    const isStripped = source.startsWith(' ') || value.includes('\n');
    return { source: `''${source}''`, value: isStripped ? undefined : value };
  });

const inQuotes = listedName.map((value): Literal => ({ source: `"${value}"`, value }));

// What is over several lines means something else with other line ends: Nix is asked about it.
const inOtherForm = fc.oneof(
  listedName.map((value): Literal => ({ source: `''${value}''`, value })),
  modelName.map((value): Literal => ({ source: `"\\${value}"`, value })),
  modelName.map((value): Literal => ({ source: `''\n      ${value}''`, value: undefined })),
  modelName.map((value): Literal => ({ source: `''  \n ${value}''`, value: undefined })),
  modelName.map((value): Literal => ({ source: `''\n\t${value}''`, value: undefined })),
  modelName.map((value): Literal => ({ source: `''\n    ${value}\n  ''`, value: undefined })),
);

/** Lines of an indented string, blank ones and ones with tabs among them: what is taken off of each, Nix says. */
const overLines = fc
  .array(
    fc.tuple(
      fc.constantFrom('  ', '', ' ', '    ', '\t', '  \t', '\t  '),
      fc.constantFrom('a', '', "''\\n", "''${", "'''", "''$", '$', ' ', 'ggml-x.bin', "''\\ "),
      fc.constantFrom('', ' ', '  ', '\t'),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines): Literal => ({ source: `''${lines.map((line) => line.join('')).join('\n')}''`, value: undefined }));

/** String literals: mostly a model in quotes, sometimes in another form, rarely with anything that a string may contain. */
export const literal: fc.Arbitrary<Literal> = fc.oneof(
  { weight: 12, arbitrary: inQuotes },
  { weight: 3, arbitrary: inOtherForm },
  { weight: 2, arbitrary: fc.oneof(escaped, escapedIndented, overLines) },
);
