import type { Gap } from './gap.ts';

const ok = filesOf('ok');
const err = filesOf('err');

/** The version of Nix that the table was measured with. */
export const MEASURED_WITH = '2.8';

export const KNOWN_GAPS: readonly Gap[] = [
  {
    what: 'trailing comma of formals',
    constructs: ok(`
      formals-trailing-comma formals-trailing-comma-after-call-default formals-trailing-comma-and-at
      formals-trailing-comma-after-default formals-trailing-comma-after-nested-function
      formals-trailing-comma-and-at-after formals-trailing-comma-before-comment formals-trailing-comma-over-lines
      registry-with-trailing-comma
    `),
    grammar: 'refuses',
    nix: 'accepts',
    reader: 'reads as Nix does',
    note: 'an ERROR that holds the comma, or a MISSING formal; the parser gets a blank instead; fixed in nix-community/tree-sitter-nix#131',
  },
  {
    what: '`inherit` without names',
    constructs: ok('inherit-empty inherit-empty-in-let inherit-from-empty'),
    grammar: 'refuses',
    nix: 'accepts',
    reader: 'reads as Nix does',
    note: 'a MISSING name; the parser gets blanks instead',
  },
  {
    what: 'quote before an interpolation in an indented string',
    constructs: ok('indented-string-quote-between-interpolations'),
    grammar: 'refuses',
    nix: 'accepts',
    reader: 'reads as Nix does',
    note: 'an ERROR after the quote; the parser gets a blank instead',
  },
  {
    what: '`~/${...}`',
    constructs: ok('path-interpolated-home'),
    grammar: 'refuses',
    nix: 'accepts',
    reader: 'refuses',
    note: 'not used in practice',
  },
  {
    what: 'NUL character',
    constructs: ok('string-with-nul comment-with-nul nul-at-end registry-with-nul-at-end'),
    grammar: 'refuses',
    nix: 'accepts',
    reader: 'refuses',
    note: 'ends a string or the file early and silently',
    otherNix: 'newer Nix refuses it in strings (NixOS/nix#12135)',
  },
  {
    what: 'lone carriage return in a line comment',
    constructs: ok('comment-with-lone-cr comment-with-lone-cr-in-list registry-with-lone-cr-in-comment'),
    grammar: 'misreads',
    nix: 'accepts',
    reader: 'refuses',
    note: 'ends the comment in Nix only: the grammar swallows the rest of the line, elements too',
  },
  {
    what: 'lone carriage return elsewhere',
    constructs: ok(`
      comment-block-with-lone-cr space-lone-cr space-lfcr string-with-lone-cr indented-string-with-lone-cr
    `),
    grammar: 'accepts',
    nix: 'accepts',
    reader: 'refuses',
    note: 'read the same, but such a file is damaged, and its line numbers differ between tools',
  },
  {
    what: '`//` right before a name',
    constructs: ok(`
      update-without-spaces update-without-right-space update-without-right-space-after-set
      update-without-spaces-after-parenthesis update-without-spaces-before-list-call update-without-spaces-of-selects
      registry-updated-without-space
    `),
    grammar: 'misreads',
    nix: 'accepts',
    reader: 'refuses',
    note: '`a//b` is a path and `{ } //b` a call to the grammar: the set that is updated is lost',
  },
  {
    what: '`or` as an element or a later argument',
    constructs: ok('or-in-list or-as-second-argument'),
    grammar: 'misreads',
    nix: 'accepts',
    reader: 'refuses',
    note: '`[ f or ]` is one element to Nix, `f 1 or` is `f (1 or)`',
    otherNix: 'will change (NixOS/nix#11118)',
  },
  {
    what: '`or` as an argument',
    constructs: ok('or-as-argument-bound or-as-argument-then-more'),
    grammar: 'accepts',
    nix: 'accepts',
    reader: 'refuses',
    note: 'stricter than necessary',
  },
  {
    what: 'number out of range, path with a trailing or a double slash',
    constructs: err(`
      integer-too-large integer-huge integer-smallest float-too-large float-too-small float-denormal
      path-with-trailing-slash path-with-trailing-slash-absolute path-with-trailing-slash-home
      path-with-trailing-slash-after-interpolation path-with-trailing-slash-before-update path-with-two-slashes
      path-with-two-slashes-absolute
    `),
    grammar: 'accepts',
    nix: 'refuses',
    reader: 'refuses',
    note: 'tokens of the grammar, but errors of the lexer of Nix',
  },
  {
    what: 'chained comparison',
    constructs: err(`
      comparison-chained-less comparison-chained-mixed comparison-chained-equal comparison-chained-equal-and-unequal
    `),
    grammar: 'accepts',
    nix: 'refuses',
    reader: 'refuses',
    note: 'these operators are left-associative in the grammar and non-associative in Nix',
  },
  {
    what: 'keyword as a name',
    constructs: err(`
      formals-keyword-second has-attr-keyword inherit-keyword select-keyword set-name-keyword-in-attrpath
      select-default-without-or or-as-argument or-as-argument-name or-as-formal or-as-operator-between-names
      or-as-variable
    `),
    grammar: 'accepts',
    nix: 'refuses',
    reader: 'refuses',
    note: 'an identifier in the grammar wherever the keyword is not possible; `or` anywhere',
  },
  {
    what: 'name given twice, name computed in `let` or `inherit`',
    constructs: err(`
      formals-duplicate formals-duplicate-at-after formals-duplicate-at-before let-duplicate let-duplicate-inherit
      registry-with-duplicate set-duplicate set-duplicate-attrpath set-duplicate-attrpath-of-value
      set-duplicate-in-merged-sets set-duplicate-inherit set-duplicate-inherit-from set-duplicate-inherit-twice
      set-duplicate-interpolated-constant set-duplicate-interpolated-indented
      set-duplicate-interpolated-in-parentheses set-duplicate-nested set-duplicate-quoted set-duplicate-same-value
      set-duplicate-set-from-call let-dynamic-name let-dynamic-name-in-string let-dynamic-name-of-constant-in-string
      inherit-dynamic inherit-dynamic-from inherit-dynamic-string
    `),
    grammar: 'accepts',
    nix: 'refuses',
    reader: 'refuses',
    note: 'detected by Nix after parsing; literal sets are merged; `${"a"}` is not computed, `"${"a"}"` is',
  },
  {
    what: 'undefined variable',
    constructs: err(`
      variable-undefined variable-undefined-after-let variable-undefined-in-default
      variable-undefined-in-indented-interpolation variable-undefined-in-inherit-from
      variable-undefined-in-interpolation variable-undefined-in-legacy-let variable-undefined-in-let
      variable-undefined-in-list variable-undefined-in-name variable-undefined-in-other-branch
      variable-undefined-in-path variable-undefined-of-formal-outside variable-undefined-outside-of-with
      variable-undefined-sibling variable-builtin-not-global variable-in-select-default inherit-undefined
      inherit-undefined-in-let inherit-undefined-in-let-with-use set-merged-rec-second comment-of-slashes
      implication-without-spaces-after-name
      update-of-undefined-without-spaces integer-in-hexadecimal integer-with-underscores
      indented-string-open-before-more registry-with-quotes-forgotten registry-with-indented-string-closed-late
    `),
    grammar: 'accepts',
    nix: 'refuses',
    reader: 'refuses',
    note: 'the result of many typos: a string that is closed late swallows bindings, and only this shows it',
  },
  {
    what: 'no expression, byte order mark',
    constructs: err('file-empty file-of-blanks file-of-comment byte-order-mark byte-order-mark-in-registry'),
    grammar: 'accepts',
    nix: 'refuses',
    reader: 'refuses',
    note: 'an empty file is a tree without an expression; tree-sitter skips the mark silently',
  },
  {
    what: 'pipe operators',
    constructs: err('pipe-left pipe-right'),
    grammar: 'refuses',
    nix: 'refuses',
    reader: 'reads as newer Nix does',
    note: 'a comparison with an error beside its sign; the parser gets `||` instead, and a list in it is computed',
    otherNix: 'experimental from Nix 2.24 on',
  },
  {
    what: 'error that leaves a clean list or binding',
    constructs: err(`
      list-with-comma list-open-before-binding list-closed-twice-in-set interpolation-in-list
      comment-block-open-in-list comment-hash-hides-bracket nul set-name-alone-before-binding set-without-semicolon
      registry-with-comma-list registry-with-conflict-marks registry-with-name-before
    `),
    grammar: 'recovers',
    nix: 'refuses',
    reader: 'refuses',
    note: '`typing c = {};` is a binding of `typing`; a list after a conflict mark has no error in it',
  },
];

function filesOf(folder: string): (names: string) => readonly string[] {
  return (names) => Array.from(names.matchAll(/\S+/g), ([name]) => `${folder}/${name}`);
}
