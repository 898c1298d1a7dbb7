# The list of models, and a shell that has whisper. Copy it into any project, or let `whisper init` put it there.
{ pkgs }:
let
  # Configuration at the top: what is listed here is what is on the disk.
  activeModels = [
    "ggml-base.en-q5_1.bin" # keep this
    # "ggml-small.en-q5_1.bin" # commented out = will be pruned
  ];

  # Where the files lie: this line says it for everybody, WHISPER_MODELS_PATH for one machine.
  modelsDir =
    let
      fromEnvironment = builtins.getEnv "WHISPER_MODELS_PATH";
    in
    if fromEnvironment != "" then fromEnvironment else "$HOME/.local/share/whisper/models";

  # What `whisper lock` has pinned, by file name: repo, revision, size in bytes, and sha256 as Nix writes it.
  lockFile = ./whisper-models.lock.json;
  pinned =
    if builtins.pathExists lockFile then (builtins.fromJSON (builtins.readFile lockFile)).models else [ ];
  models = builtins.listToAttrs (
    map (model: {
      name = model.file;
      value = model;
    }) pinned
  );

  packages = [ pkgs.whisper-models ];

  shellHook = ''
    export WHISPER_MODELS_PATH="''${WHISPER_MODELS_PATH:-${modelsDir}}"
    echo "whisper: ${toString (builtins.length activeModels)} active; whisper list shows what is there" >&2
  '';
in
{
  inherit
    activeModels
    modelsDir
    models
    packages
    shellHook
    ;
  shell = pkgs.mkShell { inherit packages shellHook; };
}
