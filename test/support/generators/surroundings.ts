import fc from 'fast-check';
import { code } from './layout.ts';
import { AGAIN } from './parts.ts';

/**
 * What stands around the list in real files: other bindings, and the arguments of the module. All names that they use
 * are `pkgs`, `lib` and their own. Nix is lazy, so that nothing here is ever evaluated.
 */
const BINDINGS: readonly string[] = [
  code('packages = [ pkgs.curl pkgs.jq ];'),
  code('otherModels = [ "ggml-no.bin" ];'),
  `shellHook = ''
    export MODELS="\${pkgs.name}"
    echo ''\${1:-none} "$PATH" ''$HOME '''quoted'''
    # activeModels = [ "ggml-no.bin" ];
  '';`,
  `script = pkgs.writeShellScriptBin "list" ''
  if [ -n "\${toString (builtins.length [ "]" ])}" ]; then echo ']'; fi
  \${lib.optionalString true ''
    echo "nested \${"deep \${"er"}"}"
  ''}'';`,
  code('version = "1.0"; ratio = 1.5e3; half = .5; count = 42; below = -1;'),
  'here = ./.; source = ../src/main-1.c; system = <nixpkgs/lib>; home = ~/.cache; page = https://example.org/a?b=c&d;',
  code('pick = { a, b ? a, ... }@all: all.a + b; twice = f: x: f (f x); any = _: { };'),
  code('truth = if 1 < 2 && !false || true -> false then "a" else "b";'),
  code('set = { enable = true; "quoted key" = null; ${"dy" + "namic"} = 1; } // { } ? enable;'),
  code('found = { a.b = 1; }.a.b or 2; lacks = !({ } ? a."b".${"c"});'),
  'text = "a ${"b" + "c${"d"}"} \\${e} $${f}";',
  code('note = "activeModels = [ ];"; "note-2" = \'\'activeModels = [ "ggml-no.bin" ];\'\';'),
  code('inactive = { models = [ "ggml-no.bin" ]; nested.deep.models = [ ]; };'),
  code('others = import ./others.nix { inherit pkgs; inherit (lib) mkIf; };'),
  code('mixed = [ (x: x) 1 2.5 "s" ./p <q> { } [ [ ] ] pkgs.a.b (-1) ];'),
  code('inherit (pkgs) stdenv; inherit (lib.lists) flatten unique;'),
  code('local = let a = 1; in with lib; assert a == 1; a; old = rec { a = 1; b = a; };'),
  'comparison = (1 <= 2) == (2 >= 1); joined = [ ] ++ [ "x" ] ++ map (n: "${n}.bin") [ "ggml-no" ];',
  'meta = { description = "größer 😀 模型"; license = lib.licenses.mit; platforms = lib.platforms.linux ++ [ "x" ]; };',
];

/** Other bindings of a set or a `let`, each at most once. */
export const otherBindings = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  fc.uniqueArray(fc.constantFrom(...BINDINGS), { maxLength: 3 }),
);

/** What brings `pkgs` and `lib` into scope: the head of a module. */
export const head = fc.constantFrom(
  ...[
    '{ pkgs, lib }: ',
    '{ pkgs, lib, }: ',
    '{ pkgs ? { }, lib ? pkgs.lib, ... }: ',
    '{ pkgs, lib, ... }@args: ',
    'args@{ pkgs, lib, }: ',
    'args @ { lib ? throw "a, b }: c", pkgs }: ',
    'pkgs: lib: ',
    '{ pkgs, ... }: { lib, }: ',
    '{ lib, pkgs, note ? "activeModels = [ ];", config ? { otherModels = [ "ggml-no.bin" ]; }, }: ',
    'let pkgs = { }; lib = { }; in ',
    'with { pkgs = { }; lib = { }; otherModels = [ "ggml-no.bin" ]; }; ',
    'inputs: let inherit (inputs) pkgs lib; in ',
    `{ pkgs, lib, activeModels ? [ "ggml-no.bin" ], ${AGAIN}... }: `,
  ].map(code),
);

/** What else may stand between the head and the result: start and end of the wrapping. Bindings may be outside of it. */
const WRAPPINGS = wrapped(
  ['(', ')'],
  ['with lib; ', ''],
  ['with { base = [ "ggml-no.bin" ]; x = "ggml-no.bin"; }; ', ''],
  ['with (import ./nowhere.nix { inherit pkgs; }); ', ''],
  ['assert true; ', ''],
  ['assert (true); ', ''],
  ['let unused = "activeModels = [ ]"; in ', ''],
  [`let f = { activeModels${AGAIN} }: activeModels; in `, ''],
  ['let f = { models, activeModel }: models; in ', ''],
  ['{ }: ', ''],
  ['{ ... }: ', ''],
  ['{ extra ? [ "ggml-no.bin" ], }: ', ''],
  ['self@{ ... }: ', ''],
);

/** What bindings inside of it hide again. */
const HIDDEN = wrapped(
  ['{ base ? [ "ggml-no.bin" ], x ? "ggml-no.bin", ... }: ', ''],
  ['let base = [ "ggml-no.bin" ]; small-en = "ggml-no.bin"; in ', ''],
  ['base: ', ''],
);

export const wrappings = fc.array(fc.constantFrom(...WRAPPINGS), { maxLength: 2 });
export const outerWrappings = fc.array(fc.constantFrom(...WRAPPINGS, ...HIDDEN), { maxLength: 3 });

/** The template inside of wrappings, the first of them outermost. */
export function wrap(template: string, around: readonly Wrapping[]): string {
  return around.reduceRight((inner, [before, after]) => before + inner + after, template);
}

type Wrapping = readonly [before: string, after: string];

function wrapped(...texts: readonly Wrapping[]): readonly Wrapping[] {
  return texts.map(([before, after]) => [code(before), code(after)]);
}
