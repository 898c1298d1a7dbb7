import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { LimitExceeded, type SyntaxProblem } from '../../../src/core/nix/problems.ts';
import { checkText } from '../../../src/core/nix/parser.ts';
import { nixAccepts } from './nix-accepts.ts';

const checkSyntax = (text: string): SyntaxProblem | undefined => checkText(text).problem;

// What Nix parses, and what it refuses: the last test asks Nix itself about each row.
const ACCEPTED: readonly string[] = [
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/seed.nix'), 'utf8'),
  // Strings.
  '"a" ',
  '"\\"${"b"}$$${\'\'\'\'}$\\${"',
  "''\n  a ''${ ''' ''\\n $${x} ${''b''}\n''",
  '"a\n  b"',
  '"$"',
  "''$''",
  // Numbers, paths, addresses.
  '[ 1 1.5 .5 1.e3 9223372036854775807 ]',
  '[ ./a a/b /c ~/d <e> <e/f> ./a/${"b"}/c.nix ./${"a"}b http://a.b/c?d=e ]',
  // Sets.
  '{ a = 1; b.c = 2; b.d = 3; "e f" = 4; ${"g"} = 5; inherit; inherit ({ h = 1; }) h "i"; }',
  '{ a = { b = 1; }; a.c = 2; a = { d = 3; }; }',
  'rec { a = b; b = a; inherit ({ }) c; }',
  '{ or = 1; a.or = 2; }',
  'let a = { "${"x" + "y"}" = 1; }; in a',
  'let { a = 1; body = a; }',
  'let ${"a"} = 1; in a',
  // Functions.
  'x: y: x y',
  '{ }: 1',
  '{ a, b ? a, ... }: a b',
  '{ a, }: a',
  'args@{ ... }: args',
  '{ a }@args: args',
  // Operators.
  '1 + 2 * 3 - -4 / 5',
  'x: !x.a && x ? b || x."c".d or 1 -> x != 2',
  '(1 < 2) == (3 >= 4)',
  '[ ] ++ [ ] ++ [ ]',
  '{ } // { } // { }',
  // Scope.
  'with { }; anything',
  'assert true; if true then 1 else 2',
  'x: let x = 1; in with x; y',
  '[ __add builtins true null (import ./x) ]',
  // Comments and blanks.
  '# a\n/* b\n*c */ 1 # d',
  '\r\n\t1\r\n',
];

const REFUSED: readonly string[] = [
  '',
  '# nothing',
  '{',
  '[ 1 }',
  '(1',
  '"a',
  "''a",
  '"${',
  '"${}"',
  '/* a',
  '1 2 ]',
  '[ 1, 2 ]',
  '[ 1; 2 ]',
  '[ -1 ]',
  '[ if true then 1 else 2 ]',
  '{ a = 1 }',
  '{ a = 1 b = 2; }',
  '{ a 1; }',
  '{ a; }',
  '{ = 1; }',
  '{ a = ; }',
  '{ a = 1;; }',
  '{ 1a = 1; }',
  '{ a: 1 }',
  '{ inherit a }',
  '{ inherit a.b; }',
  '{ inherit a, b; }',
  'x: { inherit ${x}; }',
  '{ a = 1; a = 2; }',
  '{ a.b = 1; a.b = 2; }',
  '{ a = 1; a.b = 2; }',
  'x: { a = x; a.b = 1; }',
  '{ inherit ({ }) a; a = 1; }',
  '{ a = { b = 1; }; a.b = 2; }',
  'x: let ${x} = 1; in 2',
  'let a = 1; a = 2; in a',
  'let a = 1;',
  'let a = 1; in',
  'in 1',
  '{ a, a }: 1',
  '{ a b }: 1',
  '{ , }: 1',
  '{ ..., a }: 1',
  '{ a ... }: 1',
  'x@y: 1',
  'a@{ a }: 1',
  '{ a }@a: 1',
  '1 == 2 == 3',
  '1 < 2 <= 3',
  '1 +',
  '1 + + 2',
  'with { } 1',
  'assert true 1',
  'if true then 1',
  'x',
  '{ a = a; }',
  '{ a, b ? c }: a',
  'let inherit a; in a',
  'let a = 1; in let inherit b; b = 2; in b',
  'map or [ ]',
  './a/',
  '/a//b',
  '99999999999999999999',
  "'a'",
  '“a”',
  '[\u00a0]',
  '{ a = @; }',
  '<<<<<<< HEAD',
];

test('accepts the constructs that Nix accepts', () => {
  for (const text of ACCEPTED) assert.equal(checkSyntax(text), undefined, text);
});

test('refuses the constructs that Nix refuses, with a position in the text', () => {
  for (const text of REFUSED) {
    const problem = checkSyntax(text);
    assert.ok(problem, `accepted: ${text}`);
    const { start, end, message, hint } = problem;
    assert.ok(start >= 0 && start <= end && end <= text.length, `[${start}, ${end}) of ${text}`);
    assert.doesNotMatch(message, /^[A-Z]|\.$/);
    if (hint !== undefined) assert.match(hint, /^[A-Z].*[^.]$/, text);
  }
});

test('Nix accepts and refuses the same constructs', (t) => {
  const accepted = nixAccepts(t, [...ACCEPTED, ...REFUSED]);
  if (!accepted) return;
  for (const [index, text] of ACCEPTED.entries()) assert.ok(accepted[index], `Nix refuses ${text}`);
  for (const [index, text] of REFUSED.entries()) {
    assert.ok(!accepted[ACCEPTED.length + index], `Nix accepts ${text}`);
  }
});

test('notes both parts of a set that versions of Nix read differently, and no other part', () => {
  for (const [text, starts] of [
    ['{ a = rec { b = 1; }; a.c = 2; }', [2, 22]],
    ['{ a.c = 2; a = rec { b = 1; }; }', [2, 11]],
    ['x: { a.b = 1; a = { ${x} = 2; }; }', [5, 14]],
    ['{ a.b = { }; a = { b.c = 1; }; }', [2, 13]],
    ['{ a.b = { x = 1; }; a.b.c = 1; d = rec { }; }', []],
    ['{ a.b.c = 1; a.b.d = { }; a = { e = 1; }; }', []],
  ] as const) {
    const { problem, notes } = checkText(text);
    assert.equal(problem, undefined, text);
    assert.deepEqual(
      [...notes.unclear].toSorted((one, other) => one - other),
      starts,
      text,
    );
  }
});

test('knows pipe operators, chained one way', () => {
  for (const text of ['a: b: a |> b |> b', 'a: b: b <| b <| a', 'a: b: [ (a|>b) ] ++ (b <| a)', 'a: !a |> a -> a'])
    assert.equal(checkSyntax(text), undefined, text);
  assert.match(checkSyntax('a: b: a |> b <| b')?.message ?? '', /cannot be mixed/);
  assert.match(checkSyntax('a: [ a |> a ]')?.message ?? '', /in a list/);
});

test('nesting within the limit fits into the stack', () => {
  assert.throws(() => checkSyntax('('.repeat(200_000)), LimitExceeded);
  assert.equal(checkSyntax(`[ ${'"a" '.repeat(200_000)} ]`), undefined);
});
