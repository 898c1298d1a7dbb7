import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSyntax } from '../../../src/core/nix/parser.ts';

// The mistakes that people make: ⟦ and ⟧ stand around the place that is to be underlined.
const SEMICOLON = ['a ; is missing after the value of activeModels', 'Each binding ends in a semicolon.'] as const;
const QUOTE = ['this string is not closed', 'Close it with a quote ".'] as const;
const INHERIT = 'It is written `inherit NAME NAME;` or `inherit (SET) NAME NAME;`.';
const CONDITION = 'It is written `if TEST then THIS else THAT`.';

const ROWS: readonly (readonly [string, string, string?])[] = [
  // Lists.
  ['{ a = [ "x"⟦,⟧ "y" ]; }', 'a comma in a list', 'Nix lists have no commas: take it away.'],
  ['{ a = [ "x"⟦;⟧ "y"; ]; }', 'a semicolon in a list', 'Nix lists have none: take it away.'],
  ['{ a = [ "x" ⟦++⟧ "y" ]; }', '`++` in a list', 'An element of more than one word stands in parentheses.'],
  ['[ ⟦if⟧ true then 1 else 2 ]', '`if` in a list', 'An element of more than one word stands in parentheses.'],
  ['[ ⟦let⟧ a = 1; in a ]', '`let` needs parentheses here', 'Write `(let …)`.'],
  ['[ "x" ⟦base.en⟧ ]', 'base is not defined', 'If it is meant as a string, quote it: "base.en".'],
  ['[ ⟦ggml-x.bin⟧ ]', 'ggml-x is not defined', 'If it is meant as a string, quote it: "ggml-x.bin".'],
  // A missing semicolon, wherever the text goes on.
  ['{ activeModels = [ ⟦]⟧ }', ...SEMICOLON],
  ['{ activeModels = [ ⟦]⟧ # note\n}', ...SEMICOLON],
  ['let activeModels = [ ⟦]⟧\nin activeModels', ...SEMICOLON],
  ['{\n  activeModels = [\n    "a"\n  ⟦]⟧\n\n  # about it\n  modelsDir = "x";\n}', ...SEMICOLON],
  ['{ activeModels = [ ⟦]⟧ /* c */ modelsDir = "x"; }', ...SEMICOLON],
  ['{ activeModels = f ⟦x⟧\n  a.b = 1; }', ...SEMICOLON],
  ['{ activeModels = [ ⟦]⟧\n  "a" = 1; }', ...SEMICOLON],
  ['{ activeModels = [ ⟦]⟧\n  ${"a"} = 1; }', ...SEMICOLON],
  ['{ activeModels = [ ⟦]⟧\n  inherit a; }', ...SEMICOLON],
  ['{ inherit a ⟦b⟧ }', 'a ; is missing after this `inherit`', INHERIT],
  ['{ inherit ⟦a⟧\n  b = 1; }', 'a ; is missing after this `inherit`', INHERIT],
  ['{ inherit a⟦.⟧b; }', '`.` where a name should be', INHERIT],
  ['with { ⟦}⟧', 'the file ends where `;` should follow', 'It is written `with SET; BODY` or `assert TEST; BODY`.'],
  // Quotes.
  ['{ a = [ ⟦"⟧x ]; }', ...QUOTE],
  ['{ a = [\n  ⟦"x⟧\n  "y"\n]; b = "z"; }', ...QUOTE],
  ['{ a = [\n  ⟦"x  # keep⟧\n  # "y"  # not\n]; b = "z"; }', ...QUOTE],
  ['{ a = [ ⟦"x "⟧y" ]; }', ...QUOTE],
  ['{ a = [ ⟦x⟧" "y" ]; }', 'a quote " is missing before this word', 'Quotes come in pairs.'],
  ["{ a = ⟦''⟧x'; }", 'this string is not closed', "Close it with two quotes ''."],
  ['{ a = "⟦${⟧x"; }', 'this ${ is not closed', 'Close it with }.'],
  ["{ a = ⟦'⟧x'; }", "' is no quote of Nix", 'A string stands in double quotes: "…".'],
  ['[ ⟦“⟧x” ]', '“ is no quote of Nix', 'A string stands in double quotes: "…".'],
  ['{ a = ⟦$⟧HOME/x; }', 'a `$` outside of a string', 'Quote the text that it belongs to: "$HOME/…".'],
  // Brackets.
  ['{ a = ⟦[⟧ "x" ; }', 'this [ is not closed', 'Close it with ].'],
  ['{ a = ⟦[⟧ "x" }', 'this [ is not closed before the }', 'Close it with ].'],
  ['{\n  a = ⟦[⟧\n    "x"\n\n  b = 1;\n}', 'this [ is not closed', 'Close it with ].'],
  ['{ a = f ⟦(⟧x y; }', 'this ( is not closed', 'Close it with ).'],
  ['⟦{⟧ a = 1;', 'this { is not closed', 'Close it with }.'],
  ['let a = ⟦{⟧ b = 1;\nin a', 'this { is not closed before the in', 'Close it with }.'],
  ['⟦let⟧ a = 1;', 'this `let` has no `in`', 'A let is written `let … in …`.'],
  ['{ a = 1; } ⟦}⟧', 'this } closes nothing', 'Take it away, or open what it closes.'],
  ['{ a = "x" ⟦]⟧; }', 'this ] closes nothing', 'Take it away, or open what it closes.'],
  ['⟦in⟧ { }', 'this `in` has no `let` before it', 'Write `let … in …`, or take it away.'],
  ['{ a = 1; } ⟦in⟧ { }', 'this `in` has no `let` before it', 'Write `let … in …`, or take it away.'],
  ['{ ⟦/*⟧ a = 1; }', 'this comment is not closed', 'Close it with */.'],
  // Bindings.
  ['{ ⟦a⟧ [ "x" ]; }', 'a = is missing after a', 'Write it as `a = VALUE;`.'],
  ['{ b = 1;\n  ⟦a⟧\n}', 'a = is missing after a', 'Write it as `a = VALUE;`.'],
  ['{ "a"⟦:⟧ [ "x" ] }', '`:` where `=` should be', 'Write it as `"a" = VALUE;`.'],
  ['{ a ⟦+=⟧ [ ]; }', '`+=` where `=` should be', 'Write it as `a = VALUE;`.'],
  ['{ a = ⟦;⟧ }', 'an expression is missing before `;`'],
  ['{ ⟦a⟧ =\n  b = 1; }', 'a has no value', 'Write it between = and ;, or take a away.'],
  ['{ a = true ⟦=⟧ 2; }', 'a second = in one binding', 'To compare, write ==. Each binding ends in a semicolon.'],
  ['{ a = 1;⟦;⟧ }', 'a ; that ends nothing', 'Take it away: only bindings, with and assert have one.'],
  ['a ⟦=⟧ [ ];', 'a binding outside of a set', 'A Nix file is one expression: write `{ NAME = VALUE; }`.'],
  [
    '{ a = 1⟦,⟧ b = 2 }',
    'a comma is out of place',
    'Only the arguments of a function have commas; lists and sets have none.',
  ],
  ['{\n  a = [ ];\n  ⟦a⟧ = [ ];\n}', 'a is defined twice, first on line 2', 'Keep one of the two.'],
  ['{ a = 1; ⟦a.b⟧ = 1; }', 'a.b is defined twice, first on line 1', 'Keep one of the two.'],
  ['x: let ⟦${x}⟧ = 1; in 2', 'a `let` with a computed name', 'Write the name out.'],
  ['x: { inherit ⟦${⟧x}; }', 'an `inherit` with a computed name', 'Write the name out.'],
  // Functions and operators.
  ['{ a, ⟦a⟧ }: a', 'the function has two arguments a', 'Keep one of the two.'],
  [
    '{ ⟦a⟧ b }: a',
    'a = is missing after a',
    'Write it as `a = VALUE;`. The arguments of a function have commas between them.',
  ],
  ['{ a } ⟦{⟧ }', '`{` where `:` should be', 'A function is written `NAME: BODY` or `{ NAME, … }: BODY`.'],
  ['1 == 2 ⟦==⟧ 3', '== cannot be chained', 'Put one of the two comparisons in parentheses.'],
  ['{ a = if true then 1⟦;⟧ }', '`;` where `else` should be', CONDITION],
  ['1 ⟦+⟧\n', 'the file ends where an expression should follow'],
  [
    '{ a = ⟦home⟧ + "/x"; }',
    'home is not defined',
    'Define it in a let, take it as an argument, or mend its spelling.',
  ],
  // Paths, numbers, characters.
  ['{ a = ⟦./x/⟧; }', 'this path has a trailing slash', 'Take the last / away.'],
  ['{ a = ⟦/x//y⟧; }', 'this path has two slashes in a row', 'Take one away.'],
  ['⟦99999999999999999999⟧', 'this number is out of range'],
  ['{⟦\u00a0⟧}', 'a no-break space (U+00A0)', 'Nix does not know it: write a plain blank or nothing.'],
  ['[ "a"⟦\u200b⟧ ]', 'a zero-width space (U+200B)', 'Nix does not know it: write a plain blank or nothing.'],
  ['⟦\ufeff⟧{ }', 'a byte order mark (U+FEFF)', 'Nix does not know it: save the file as UTF-8 without one.'],
  ['{ a = ⟦\u0007⟧; }', 'an invisible character (U+0007)', 'Nix does not know it: take it away.'],
  ['[ ⟦😀⟧ ]', '😀 (U+1F600) outside of a string', 'Quote it: "…".'],
  ['{ ⟦//⟧ note\n}', '`//` where a name should be', 'A comment of Nix begins with #.'],
  ['{ a = 1; ⟦-⟧- note\n}', '`-` where a name should be', 'A comment of Nix begins with #.'],
  ['{ ⟦1⟧a = 2; }', 'a number where a name should be'],
  // The end of the file, and a merge that is not finished.
  ['⟦⟧', 'there is nothing in the file', 'A Nix file is one expression, like { }.'],
  ['let a = 1; i⟦n⟧\n\n', 'the file ends where an expression should follow'],
  [
    '{\n  a = [\n⟦<<<<<<< HEAD⟧\n    "x"\n=======\n    "y"\n>>>>>>> other\n  ];\n}',
    'a merge conflict',
    'Keep what is to stay and take the markers away.',
  ],
];

for (const [marked, message, hint] of ROWS) {
  test(`${message} in ${JSON.stringify(marked)}`, () => {
    const start = marked.indexOf('⟦');
    const end = marked.indexOf('⟧') - 1;
    const text = marked.replace(/[⟦⟧]/g, '');
    const problem = checkSyntax(text);
    assert.ok(problem);
    assert.deepEqual([problem.message, problem.hint], [message, hint]);
    const shown = text.slice(problem.start, problem.end);
    assert.deepEqual([problem.start, shown], [start, text.slice(start, end)]);
  });
}
