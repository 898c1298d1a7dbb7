# The parser, compiled from its sources again. The program contains wasm/nix-parser.wasm, which scripts/compile makes with the
# compiler of Debian; that of nixpkgs makes other bytes, so both have to give the same trees for the texts of the grammar tests.
{
  pkgs,
  nodejs ? pkgs.nodejs_24,
}:
let
  inherit (pkgs.pkgsCross.wasi32.stdenv) cc;
  inherit (pkgs.lib.importJSON ../wasm/package-lock.json) packages;

  archiveOf = path: import ./npm-archive.nix { inherit pkgs nodejs; } path packages.${path};
in
pkgs.runCommand "nix-parser.wasm"
  {
    nativeBuildInputs = [ nodejs ];
    runtime = archiveOf "node_modules/tree-sitter";
    grammar = archiveOf "node_modules/tree-sitter-nix";
  }
  ''
    mkdir runtime grammar
    tar -xzf "$runtime" --strip-components=1 -C runtime
    tar -xzf "$grammar" --strip-components=1 -C grammar
    lib=runtime/vendor/tree-sitter/lib
    ${cc}/bin/${cc.targetPrefix}cc @${../wasm/compile-flags} -I "$lib/include" -I "$lib/src" -I grammar/src \
      ${../wasm/nix-parser.c} grammar/src/parser.c grammar/src/scanner.c -o nix-parser.wasm
    node ${../wasm/compare.mjs} ${../wasm/nix-parser.wasm} nix-parser.wasm ${../grammar-tests/ok} ${../grammar-tests/err}
    cp nix-parser.wasm "$out"
    exit 0
  ''
