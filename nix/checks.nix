# What `nix flake check` runs: the program as it was built, from the store.
{ pkgs }:
let
  registry = ./whisper-manager.nix;
  expected = builtins.toJSON (import registry { pkgs = { }; }).activeModels;
in
{
  # That Nix may not be asked and the list was read all the same says that the compiled grammar loads there.
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
