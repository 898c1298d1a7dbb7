/** Registries of a size, each in a shape that takes a naive reader the square of it, or the stack. */
export interface LongRegistry {
  readonly shape: string;
  readonly text: (size: number) => string;
}

const MODEL = '"ggml-tiny.bin"';

function repeat(size: number, piece: (index: number) => string): string {
  return Array.from({ length: size }, (_, index) => piece(index)).join('');
}

function inList(entries: string): string {
  return `{\n  activeModels = [\n${entries}  ];\n}\n`;
}

const withModel = (before: string): string => `{\n${before}  activeModels = [ ${MODEL} ];\n}\n`;

/** Those that can be read whatever their size. */
export const LONG: readonly LongRegistry[] = [
  {
    shape: 'a chain of names, forwards',
    text: (size) =>
      `let\n${repeat(size, (at) => `  a${at} = a${at + 1};\n`)}  a${size} = [ ${MODEL} ];\nin\n{ activeModels = a0; }\n`,
  },
  {
    shape: 'a chain of names, backwards',
    text: (size) =>
      `let\n  a0 = [ ${MODEL} ];\n${repeat(size, (at) => `  a${at + 1} = a${at};\n`)}in\n{ activeModels = a${size}; }\n`,
  },
  {
    shape: 'a chain of strings',
    text: (size) =>
      `let\n${repeat(size, (at) => `  a${at} = a${at + 1};\n`)}  a${size} = ${MODEL};\nin\n{ activeModels = [ a0 ]; }\n`,
  },
  {
    shape: 'a chain from one concatenation to the next',
    text: (size) =>
      `let\n${repeat(size, (at) => `  a${at} = [ "ggml-${at}.bin" ] ++ a${at + 1};\n`)}  a${size} = [ ];\nin\n{ activeModels = a0; }\n`,
  },
  { shape: 'entries', text: (size) => inList(repeat(size, (at) => `    "ggml-${at}.bin"\n`)) },
  { shape: 'entries on one line', text: (size) => inList(`    ${repeat(size, (at) => `"ggml-${at}.bin" `)}\n`) },
  { shape: 'the same entry', text: (size) => inList(repeat(size, () => `    ${MODEL}\n`)) },
  { shape: 'the same entry on one line', text: (size) => inList(`    ${`${MODEL} `.repeat(size)}\n`) },
  { shape: 'short names', text: (size) => inList(repeat(size, (at) => `    "tiny-${at}"\n`)) },
  {
    shape: 'names for entries',
    text: (size) =>
      `let\n${repeat(size, (at) => `  a${at} = "ggml-${at}.bin";\n`)}in\n${inList(repeat(size, (at) => `    a${at}\n`))}`,
  },
  {
    shape: 'interpolations',
    text: (size) => `let x = ""; in ${inList(`    "ggml-tiny${'${x}'.repeat(size)}.bin"\n`)}`,
  },
  {
    shape: 'commented entries',
    text: (size) => inList(`${repeat(size, (at) => `    # "ggml-${at}.bin"\n`)}    ${MODEL}\n`),
  },
  {
    shape: 'comments before the bindings',
    text: (size) => `${repeat(size, (at) => `# ${at}\n`)}${withModel(repeat(size, (at) => `# ${at}\n`))}`,
  },
  { shape: 'comments on a line', text: (size) => inList(`    # ${MODEL} ${'/* c */ '.repeat(size)}\n`) },
  {
    shape: 'concatenated lists',
    text: (size) => `{ activeModels = ${repeat(size, (at) => `[ "ggml-${at}.bin" ]\n++ `)}[ ${MODEL} ]; }\n`,
  },
  {
    shape: 'concatenated names',
    text: (size) =>
      `let\n${repeat(size, (at) => `  a${at} = [ "ggml-${at}.bin" ];\n`)}in { activeModels = ${repeat(size, (at) => `a${at} ++ `)}[ ]; }\n`,
  },
  { shape: 'bindings', text: (size) => withModel(repeat(size, (at) => `  a${at} = ${at};\n`)) },
  { shape: 'a set in pieces', text: (size) => withModel(repeat(size, (at) => `  a.b${at} = { c = ${at}; };\n`)) },
  { shape: 'other lists', text: (size) => withModel(repeat(size, (at) => `  a.b${at} = { modelsDir = ${at}; };\n`)) },
  {
    shape: 'names that are inherited',
    text: (size) =>
      `let activeModels = [ ${MODEL} ]; ${repeat(size, (at) => `a${at} = 1; `)}in { inherit${repeat(size, (at) => ` a${at}`)} activeModels; }\n`,
  },
  { shape: 'arguments', text: (size) => `{ ${repeat(size, (at) => `a${at}, `)}... }: ${withModel('')}` },
  {
    shape: 'else if',
    text: (size) => `{ f }: ${withModel(`  x = ${repeat(size, (at) => `if f then ${at} else `)}1;\n`)}`,
  },
  {
    shape: 'updates',
    text: (size) => `{ x = 1; }${' // { y = 2; }'.repeat(size)} // { activeModels = [ ${MODEL} ]; }\n`,
  },
  { shape: 'asserts', text: (size) => `${'assert true;\n'.repeat(size)}${withModel('')}` },
];

/** Those that are refused from some size on. */
export const REFUSED: readonly LongRegistry[] = [
  { shape: 'parentheses', text: (size) => `{ activeModels = ${'('.repeat(size)}[ ${MODEL} ]${')'.repeat(size)}; }\n` },
  { shape: 'lets', text: (size) => `${'let a = 1; in '.repeat(size)}${withModel('')}` },
  { shape: 'withs', text: (size) => `${'with { }; '.repeat(size)}${withModel('')}` },
  { shape: 'functions', text: (size) => `${'a: '.repeat(size)}${withModel('')}` },
  { shape: 'sets', text: (size) => `${'{ a = '.repeat(size)}${withModel('')}${'; }'.repeat(size)}\n` },
  { shape: 'lists', text: (size) => withModel(`  x = ${'[ '.repeat(size)}${'] '.repeat(size)};\n`) },
  { shape: 'strings', text: (size) => withModel(`  x = ${'"${'.repeat(size)}"x"${'}"'.repeat(size)};\n`) },
  { shape: 'negations', text: (size) => withModel(`  x = ${'!'.repeat(size)}true;\n`) },
  { shape: 'an attrpath', text: (size) => withModel(`  a${repeat(size, (at) => `\n.b${at}`)} = 1;\n`) },
  {
    shape: 'names that double each other',
    text: (size) =>
      `let\n  b0 = [ ${MODEL} ];\n${repeat(size, (at) => `  b${at + 1} = b${at} ++ b${at};\n`)}in { activeModels = b${size}; }\n`,
  },
  {
    shape: 'strings that double each other',
    text: (size) =>
      `let\n  b0 = "b";\n${repeat(size, (at) => `  b${at + 1} = b${at} + b${at};\n`)}in { activeModels = [ b${size} ]; }\n`,
  },
  {
    shape: 'sets that double each other',
    text: (size) =>
      `let\n  b0.activeModels = [ ${MODEL} ];\n${repeat(size, (at) => `  b${at + 1} = b${at} // b${at};\n`)}in b${size}\n`,
  },
  {
    shape: 'branches that double each other',
    text: (size) =>
      `{ c }: let\n  b0.activeModels = [ ${MODEL} ];\n${repeat(size, (at) => `  b${at + 1} = if c then b${at} else b${at};\n`)}in b${size}\n`,
  },
  {
    shape: 'updates of a set by itself',
    text: (size) =>
      `let b = {\n${repeat(size, (at) => `  a${at}.activeModels = [ ];\n`)}}; in b${' // b'.repeat(size)}\n`,
  },
  {
    shape: 'other lists of the name',
    text: (size) => withModel(repeat(size, (at) => `  a${at}.activeModels = [ ];\n`)),
  },
  // Each dot may begin a path, for all that a lexer knows before it has seen the end.
  { shape: 'a selection', text: (size) => withModel(`  x = { }${repeat(size * 4, (at) => `.b${at}`)};\n`) },
];
