import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFailure } from '../../../src/core/evaluation/nix-report.ts';

const MAGENTA = '\u001b[35;1m';
const PLAIN = '\u001b[0m';

/** A line as Nix 2.8 writes it. */
function line(raw: string, more: Readonly<Record<string, unknown>> = {}): string {
  const place = { column: null, file: null, line: null };
  return `@nix ${JSON.stringify({ action: 'msg', ...place, level: 0, msg: `error: ${raw}`, raw_msg: raw, ...more })}\n`;
}

const aborted = (what: string): string =>
  `evaluation aborted with the following error message: '${MAGENTA}whisper needs ${what}${PLAIN}'`;

const rows: readonly [name: string, raw: string, says: RegExp, hint: RegExp | undefined][] = [
  ['a comma in a list', "syntax error, unexpected ','", /^a comma in a list$/, /no commas/],
  ['a missing semicolon', "syntax error, unexpected IN, expecting ';'", /^a ; is missing before this$/, /semicolon/],
  ['an open string', `syntax error, unexpected end of file, expecting '"'`, /^this string is not closed$/, /Close it/],
  ['a bare word', `undefined variable '${MAGENTA}foo${PLAIN}'`, /^foo is not defined$/, /quote it/],
  [
    'a name that is defined twice',
    `attribute '${MAGENTA}a${PLAIN}' already defined at ${MAGENTA}(string):2:5${PLAIN}`,
    /^a is defined twice$/,
    /one of the two/,
  ],
  [
    'a function in a list',
    `cannot convert ${MAGENTA}a function${PLAIN} to JSON`,
    /^Nix says: cannot convert a function to JSON$/,
    undefined,
  ],
  [
    'a missing file',
    `getting status of '${MAGENTA}/x/m.nix${PLAIN}': No such file or directory`,
    /^Nix says: getting status of '\/x\/m\.nix': No such file/,
    undefined,
  ],
  ['a recursion', 'infinite recursion encountered', /infinite recursion/, undefined],
  ['a deep recursion', 'stack overflow; max-call-depth exceeded', /infinite recursion/, undefined],
  ['too much memory', 'out of memory', /too much memory/, undefined],
  [
    'a file elsewhere',
    `access to absolute path '${MAGENTA}/etc/x${PLAIN}' is forbidden ${MAGENTA}in restricted mode${PLAIN}`,
    /^it reads \/etc\/x, which is not allowed$/,
    /folder of the registry/,
  ],
  [
    'a link that leads elsewhere',
    "access to canonical path '/etc/x' is forbidden in restricted mode",
    /^it reads \/etc\/x, which is not allowed$/,
    /folder of the registry/,
  ],
  [
    'the network',
    "access to URI 'http://h/x' is forbidden in restricted mode",
    /^it reads http:\/\/h\/x, which/,
    /network/,
  ],
  ['an argument', aborted('argument pkgs'), /^the value needs pkgs, an argument of the function$/, /--attr/],
  ['all arguments', aborted('whole args'), /^the value depends on args/, /--attr/],
  ['the environment', aborted('variable HOME'), /^the list depends on the environment variable HOME$/, /modelsDir/],
  ['another folder', aborted('path /srv'), /^the value depends on whether \/srv exists$/, /folder of the registry/],
  ['a search path', aborted('search nixpkgs'), /^the value needs <nixpkgs>, which depends on the machine$/, /./],
  ['a builtin', aborted('builtin fetchGit'), /^the value needs builtins\.fetchGit, which reads outside the file$/, /./],
  ['a home path', aborted('home /x/m.nix'), /^\/x\/m\.nix is a path in the home directory$/, /as a string/],
  [
    'text that is not UTF-8',
    'JSON serialization error: [json.exception.type_error.316] invalid UTF-8 byte at index 6: 0x2E',
    /^the value is not UTF-8 text$/,
    undefined,
  ],
  ['a fetcher', aborted('fetcher fetchTree'), /^the value needs builtins\.fetchTree, and of a flake/, /nix flake lock/],
  ['the commit of a flake', aborted('self rev'), /^the value needs self\.rev, which differs between commits/, /commit/],
  ['an input without a hash', aborted('pin a'), /^flake\.lock has no hash of the input a$/, /nix flake lock/],
  ['an input that has changed', aborted('relock a'), /^flake\.lock pins other files of the input a/, /nix flake lock/],
  ['a functor', aborted('functor '), /also a function \(__functor\)$/, /plain set/],
  ['several lines', 'boom\nand more', /^Nix says: boom$/, undefined],
];
for (const [name, raw, says, hint] of rows) {
  test(`a report of ${name}`, () => {
    const failure = readFailure(line(raw), [1]);
    assert.match(failure.message, says);
    if (hint) assert.match(failure.hint ?? '', hint);
    else assert.equal(failure.hint, undefined);
    assert.deepEqual([failure.position, failure.isInModelsDir], [undefined, false]);
  });
}

test('a position in the text is found, whatever the version of Nix calls standard input', () => {
  for (const file of ['(list: let\n x = 1;\n', '«stdin»', '(stdin)', '«string»', '(string)', '', null]) {
    const { position } = readFailure(line('x', { file, line: 7, column: 3 }), [4]);
    assert.deepEqual(position, { file: undefined, line: 3, column: 3 }, String(file));
  }
});

test('a position in the second of two texts is found, even where both are equal', () => {
  const at = (number: number): number | undefined => readFailure(line('x', { line: number }), [1, 10]).position?.line;
  assert.deepEqual([at(1), at(2), at(10), at(11)], [undefined, 1, 9, 1]);
});

test('a position in another file is reported', () => {
  const { position } = readFailure(line('x', { file: '/p/m.nix', line: 2, column: 5 }), [4]);
  assert.deepEqual(position, { file: '/p/m.nix', line: 2, column: 5 });
});

test('a position is not part of the name of a file, as newer versions write it', () => {
  const named = line('x', {
    file: '/p/m.nix:2:5',
    line: 2,
    column: 5,
    trace: [{ file: '«none»:0', line: 0, column: 0 }],
  });
  assert.deepEqual(readFailure(named, [4]).position, { file: '/p/m.nix', line: 2, column: 5 });
});

test('the name of a file may be another one for Nix', () => {
  const trace = [
    { raw_msg: 'by', file: '/store/wrapper', line: 1, column: 1 },
    { raw_msg: 'by', file: '/store/x', line: 3, column: 2 },
  ];
  const fileOf = (name: string): string | undefined => (name === '/store/x' ? '/p/x' : undefined);
  assert.deepEqual(readFailure(line('x', { trace }), [], fileOf).position, { file: '/p/x', line: 3, column: 2 });
});

test('a warning is not the reason', () => {
  const said = "warning: unknown experimental feature 'pipe-operators'\n";
  assert.equal(readFailure(`sh: 1: exec: not found\n${said}`, []).message, 'Nix says: sh: 1: exec: not found');
});

test('an error without a position gets the innermost one of its trace', () => {
  const trace = [
    { raw_msg: 'while evaluating the attribute', file: null, line: null, column: null },
    { raw_msg: 'while evaluating the text around', file: 'text', line: 1, column: 9 },
    { raw_msg: 'while evaluating f', file: 'text', line: 5, column: 2 },
    { raw_msg: 'from call site', file: 'text', line: 9, column: 2 },
  ];
  assert.deepEqual(readFailure(line('x', { trace }), [1]).position, { file: undefined, line: 4, column: 2 });
});

test('the trace shows that an error is in modelsDir', () => {
  const trace = [{ raw_msg: `${MAGENTA}whisper needs modelsDir${PLAIN}` }];
  assert.equal(readFailure(line('x', { trace }), [1]).isInModelsDir, true);
});

test('output of traces in the file is not taken for the error', () => {
  const traced = '@nix {"action":"msg","level":0,"msg":"trace: undefined variable \'x\'"}\n';
  const warned = '@nix {"action":"msg","level":1,"msg":"warning: x","raw_msg":"x"}\n';
  assert.equal(readFailure(traced + line('boom') + warned, [1]).message, 'Nix says: boom');
});

test('a stack overflow is recognized without JSON', () => {
  const traced = '@nix {"action":"msg","level":0,"msg":"trace: hello"}\n';
  const said = `${traced}error: stack overflow (possible infinite recursion)\n`;
  assert.match(readFailure(said, [1]).message, /infinite recursion/);
  assert.match(readFailure('GC Warning: Out of Memory!\nerror: out of memory\nx\n', [1]).message, /too much memory/);
});

test('output that is not a report is quoted', () => {
  const broken = ['@nix {"action":"msg","le', '@nix null', '@nix 7', '@nix {"action":"msg","level":0,"raw_msg":5}'];
  for (const said of ['', '\n', ...broken]) {
    assert.equal(readFailure(said, [1]).message, 'Nix failed without an error message', said);
  }
  assert.equal(readFailure('sh: 1: exec: not found\n', [1]).message, 'Nix says: sh: 1: exec: not found');
  const odd = readFailure(line('boom', { line: -1, column: -1, trace: 5 }), [1]);
  assert.deepEqual([odd.message, odd.position], ['Nix says: boom', undefined]);
  const older = '@nix {"action":"msg","level":0,"msg":"error: undefined variable \'x\'"}\n';
  assert.equal(readFailure(older, [1]).message, 'x is not defined', 'Nix before 2.4 has no raw_msg');
});
