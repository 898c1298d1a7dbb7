import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkText } from '../../../src/core/nix/parser.ts';

// The mistakes that people make: ⟦ and ⟧ stand around the place that is to be underlined.
const SEMICOLON = ['a ; is missing after the value of activeModels', 'End each binding with a semicolon'] as const;
const QUOTE = ['this string is not closed', 'Close it with a quote "'] as const;
const INHERIT = 'Write `inherit NAME NAME;` or `inherit (SET) NAME NAME;`';
const CONDITION = 'Write `if TEST then THIS else THAT`';

const ROWS: readonly (readonly [string, string, string?])[] = [
  // Lists.
  ['{ a = [ "x"⟦,⟧ "y" ]; }', 'a comma in a list', 'Delete it: Nix lists have no commas'],
  ['{ a = [ "x"⟦;⟧ "y"; ]; }', 'a semicolon in a list', 'Delete it: Nix lists have no semicolons'],
  ['{ a = [ "x" ⟦++⟧ "y" ]; }', '`++` in a list', 'Put an element of more than one word in parentheses'],
  ['[ ⟦if⟧ true then 1 else 2 ]', '`if` in a list', 'Put an element of more than one word in parentheses'],
  ['[ ⟦let⟧ a = 1; in a ]', '`let` needs parentheses here', 'Write `(let …)`'],
  ['[ "x" ⟦base.en⟧ ]', 'base is not defined', 'If it is meant as a string, quote it: "base.en"'],
  ['[ ⟦ggml-x.bin⟧ ]', 'ggml-x is not defined', 'If it is meant as a string, quote it: "ggml-x.bin"'],
  // A missing semicolon, whatever follows.
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
  ['{ inherit a⟦.⟧b; }', '`.` where a name is expected', INHERIT],
  ['with { ⟦}⟧', 'the file ends where `;` is expected', 'Write `with SET; BODY` or `assert TEST; BODY`'],
  // Quotes.
  ['{ a = [ ⟦"⟧x ]; }', ...QUOTE],
  ['{ a = [\n  ⟦"x⟧\n  "y"\n]; b = "z"; }', ...QUOTE],
  ['{ a = [\n  ⟦"x  # keep⟧\n  # "y"  # not\n]; b = "z"; }', ...QUOTE],
  ['{ a = [ ⟦"x "⟧y" ]; }', ...QUOTE],
  ['{ a = [ ⟦x⟧" "y" ]; }', 'a quote " is missing before this word', 'Add it, or delete the closing quote'],
  // A quoted name in an attrpath is no sign of a missing quote.
  ['x: { a = x."y"; b = ⟦;⟧ }', 'an expression is missing before `;`'],
  ['x: { a = x."y".z; b = ⟦;⟧ }', 'an expression is missing before `;`'],
  ['{ a."y".z = 1; b = ⟦;⟧ }', 'an expression is missing before `;`'],
  ["{ a = ⟦''⟧x'; }", 'this string is not closed', "Close it with two quotes ''"],
  ['{ a = "⟦${⟧x"; }', 'this ${ is not closed', 'Close it with }'],
  ["{ a = ⟦'⟧x'; }", "' is not a Nix quote", 'Write strings in double quotes: "…"'],
  ['[ ⟦“⟧x” ]', '“ is not a Nix quote', 'Write strings in double quotes: "…"'],
  ['{ a = ⟦$⟧HOME/x; }', 'a `$` outside a string', 'Quote the text: "$HOME/…"'],
  // Brackets.
  ['{ a = ⟦[⟧ "x" ; }', 'this [ is not closed', 'Close it with ]'],
  ['{ a = ⟦[⟧ "x" }', 'this [ is not closed before the }', 'Close it with ]'],
  ['{\n  a = ⟦[⟧\n    "x"\n\n  b = 1;\n}', 'this [ is not closed', 'Close it with ]'],
  ['{ a = f ⟦(⟧x y; }', 'this ( is not closed', 'Close it with )'],
  ['⟦{⟧ a = 1;', 'this { is not closed', 'Close it with }'],
  ['let a = ⟦{⟧ b = 1;\nin a', 'this { is not closed before the in', 'Close it with }'],
  ['⟦let⟧ a = 1;', 'this `let` has no `in`', 'Write `let … in …`'],
  ['{ a = 1; } ⟦}⟧', 'unmatched `}`', 'Delete it, or add the opening bracket'],
  ['{ a = "x" ⟦]⟧; }', 'unmatched `]`', 'Delete it, or add the opening bracket'],
  ['⟦in⟧ { }', 'this `in` has no `let` before it', 'Write `let … in …`, or delete it'],
  ['{ a = 1; } ⟦in⟧ { }', 'this `in` has no `let` before it', 'Write `let … in …`, or delete it'],
  ['{ ⟦/*⟧ a = 1; }', 'this comment is not closed', 'Close it with */'],
  // Bindings.
  ['{ ⟦a⟧ [ "x" ]; }', 'a = is missing after a', 'Write it as `a = VALUE;`'],
  ['{ b = 1;\n  ⟦a⟧\n}', 'a = is missing after a', 'Write it as `a = VALUE;`'],
  ['{ "a"⟦:⟧ [ "x" ] }', '`:` where `=` is expected', 'Write it as `"a" = VALUE;`'],
  ['{ a ⟦+=⟧ [ ]; }', '`+=` where `=` is expected', 'Write it as `a = VALUE;`'],
  ['{ a = ⟦;⟧ }', 'an expression is missing before `;`'],
  ['{ ⟦a⟧ =\n  b = 1; }', 'a has no value', 'Write one between = and ;, or delete a'],
  ['{ a = true ⟦=⟧ 2; }', 'a second = in one binding', 'End each binding with a semicolon; to compare, write =='],
  ['{ a = 1;⟦;⟧ }', 'unmatched `;`', 'Delete it: only bindings, with and assert end with one'],
  ['a ⟦=⟧ [ ];', 'a binding outside a set', 'Write the file as one set: `{ NAME = VALUE; }`'],
  ['{ a = 1⟦,⟧ b = 2 }', 'unexpected comma', 'Delete it: only the arguments of a function have commas'],
  ['{\n  a = [ ];\n  ⟦a⟧ = [ ];\n}', 'a is defined twice, first on line 2', 'Keep one of the two'],
  ['{ a = 1; ⟦a.b⟧ = 1; }', 'a.b is defined twice, first on line 1', 'Keep one of the two'],
  ['x: let ⟦${x}⟧ = 1; in 2', 'a `let` with a computed name', 'Write the name literally'],
  ['x: { inherit ⟦${⟧x}; }', 'an `inherit` with a computed name', 'Write the name literally'],
  // Functions and operators.
  ['{ a, ⟦a⟧ }: a', 'the function has two arguments a', 'Keep one of the two'],
  [
    '{ ⟦a⟧ b }: a',
    'a = is missing after a',
    'Write it as `a = VALUE;`; separate the arguments of a function with commas',
  ],
  ['{ a } ⟦{⟧ }', '`{` where `:` is expected', 'Write a function as `NAME: BODY` or `{ NAME, … }: BODY`'],
  ['1 == 2 ⟦==⟧ 3', '== cannot be chained', 'Put one of the two comparisons in parentheses'],
  ['{ a = if true then 1⟦;⟧ }', '`;` where `else` is expected', CONDITION],
  ['1 ⟦+⟧\n', 'the file ends where an expression is expected'],
  ['{ a = ⟦home⟧ + "/x"; }', 'home is not defined', 'Define it in a let, make it an argument, or fix its spelling'],
  // Paths, numbers, characters.
  ['{ a = ⟦./x/⟧; }', 'this path has a trailing slash', 'Delete the last /'],
  ['{ a = ⟦/x//y⟧; }', 'this path has two slashes in a row', 'Delete one of them'],
  ['⟦99999999999999999999⟧', 'this number is out of range'],
  ['{⟦\u00a0⟧}', 'a no-break space (U+00A0)', 'Replace it with a plain space, or delete it'],
  ['[ "a"⟦\u200b⟧ ]', 'a zero-width space (U+200B)', 'Replace it with a plain space, or delete it'],
  ['⟦\ufeff⟧{ }', 'a byte order mark (U+FEFF)', 'Save the file as UTF-8 without a byte order mark'],
  ['{ a = ⟦\u0007⟧; }', 'an invisible character (U+0007)', 'Delete it'],
  ['[ ⟦😀⟧ ]', '😀 (U+1F600) outside a string', 'Quote it: "…"'],
  ['{ ⟦//⟧ note\n}', '`//` where a name is expected', 'Start comments with #'],
  ['{ a = 1; ⟦-⟧- note\n}', '`-` where a name is expected', 'Start comments with #'],
  ['{ ⟦1⟧a = 2; }', 'a number where a name is expected'],
  // The end of the file, and a merge that is not finished.
  ['⟦⟧', 'the file is empty', 'Write one expression, like { }'],
  ['let a = 1; i⟦n⟧\n\n', 'the file ends where an expression is expected'],
  [
    '{\n  a = [\n⟦<<<<<<< HEAD⟧\n    "x"\n=======\n    "y"\n>>>>>>> other\n  ];\n}',
    'a merge conflict',
    'Resolve it and delete the markers',
  ],
];

for (const [marked, message, hint] of ROWS) {
  test(`${message} in ${JSON.stringify(marked)}`, () => {
    const start = marked.indexOf('⟦');
    const end = marked.indexOf('⟧') - 1;
    const text = marked.replace(/[⟦⟧]/g, '');
    const problem = checkText(text).problem;
    assert.ok(problem);
    assert.deepEqual([problem.message, problem.hint], [message, hint]);
    const shown = text.slice(problem.start, problem.end);
    assert.deepEqual([problem.start, shown], [start, text.slice(start, end)]);
  });
}
