# The checks of `nix flake check`.
{ pkgs }:
let
  registry = ./whisper-manager.nix;
  expected = builtins.toJSON (import registry { pkgs = { }; }).activeModels;
in
{
  # Runs the built program from the store. --no-eval forbids Nix, so reading the list proves that the parser loads.
  list =
    pkgs.runCommand "whisper-list-check"
      {
        nativeBuildInputs = [
          pkgs.jq
          pkgs.whisper-models
        ];
        inherit expected;
      }
      ''
        export HOME="$TMPDIR"
        for program in 'whisper list' 'whisper-manager list' whisper-list; do
          $program --json --no-eval --file ${registry} --models-dir "$TMPDIR/models" > listed.json
          jq --exit-status --argjson expected "$expected" \
            '.registry.active == $expected and .registry.source == "static"' listed.json > "$out"
        done
        exit 0
      '';
}
# Only where nixpkgs has the compiler.
// pkgs.lib.optionalAttrs (pkgs ? pkgsCross.wasi32) {
  parser = import ./parser.nix { inherit pkgs; };
}
