import fc from 'fast-check';

/** A registry text, and what it says by construction. */
export interface Generated {
  readonly text: string;
  readonly names: readonly string[];
}

const NAMES = ['tiny', 'base.en-q5_1', 'small', 'medium.en-q5_0', 'large-v3'].map((name) => `ggml-${name}.bin`);

/** Names of models, each at the most once. */
export const names = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: NAMES.length });

export const name = fc.constantFrom(...NAMES);

const lineBreak = fc.constantFrom('\n', '\r\n');
const indentation = fc.constantFrom('  ', '    ', '\t', '');
const note = fc.constantFrom('', '', ' # keep this', '   # größer 😀', ' /* b */', ' /* b */ # c');
const between = fc.constantFrom('', '', '    # "ggml-not-this.bin"\n', '\n', '  /* a\n  "ggml-nor-this.bin"\n  */\n');

/** How a string may be written so that it comes to the same. */
const literal = (value: string): fc.Arbitrary<string> =>
  fc.constantFrom(`"${value}"`, `"${value}"`, `"${value}"`, `''${value}''`, `"${value.replace('g', '\\g')}"`);

/** A list over one line or several, with comments in all places. */
export const list = names.chain((chosen) =>
  fc
    .record({
      literals: fc.tuple(...chosen.map(literal)),
      notes: fc.array(note, { minLength: chosen.length, maxLength: chosen.length }),
      gaps: fc.array(between, { minLength: chosen.length + 1, maxLength: chosen.length + 1 }),
      indent: indentation,
      layout: fc.constantFrom('lines', 'lines', 'row', 'tight', 'closing'),
    })
    .map(({ literals, notes, gaps, indent, layout }): Generated => {
      if (layout === 'tight') return { text: `[${literals.join(' ')}]`, names: chosen };
      if (layout === 'row') return { text: `[ ${literals.map((each) => `${each} `).join('')}]`, names: chosen };
      const lines = literals.map((each, index) => `${gaps[index]}${indent}${each}${notes[index]}`);
      if (layout === 'closing' && literals.length > 0) {
        return { text: `[\n${literals.map((each) => indent + each).join('\n')} ]`, names: chosen };
      }
      return { text: `[\n${lines.map((line) => `${line}\n`).join('')}${gaps.at(-1)}${indent}]`, names: chosen };
    }),
);

const WRAPPERS: readonly ((list: string) => string)[] = [
  (text) => `{ activeModels = ${text}; }`,
  (text) =>
    `{ pkgs }:\nlet\n  # activeModels = [ "ggml-no.bin" ];\n  activeModels = ${text};\nin\n{ inherit activeModels; packages = [ ]; }`,
  (text) => `{\n  pkgs ? { },\n  ...\n}:\n{ activeModels = ${text}; note = "activeModels = [ ];"; }`,
  (text) => `args@{ pkgs ? null, }: with args; rec { models = (${text}); activeModels = models; }`,
  (text) => `let other = 1; in { a = other; } // { activeModels = ${text}; }`,
  (text) =>
    `{ pkgs }: assert true; let x = ''\n  activeModels = [ "ggml-no.bin" ];\n''; activeModels = ${text}; in { inherit x activeModels; }`,
];

/** A whole file in one of the shapes that people write. */
export const registry = fc
  .record({ list, wrap: fc.constantFrom(...WRAPPERS), eol: lineBreak, end: fc.constantFrom('', '\n') })
  .map(({ list: { text, names: inside }, wrap, eol, end }): Generated => ({
    text: (wrap(text) + end).replaceAll('\n', eol),
    names: inside,
  }));
