# The list of models and a shell with whisper. Copy this file into a project, or run `whisper init`.
{ pkgs }:
let
  # Configuration: the models to keep on disk.
  activeModels = [
    "ggml-base.en-q5_1.bin" # keep this
    # "ggml-small.en-q5_1.bin" # commented out = will be pruned
  ];

  # Models outside of the catalogue, by file name: url, hash and size of each. `whisper download URL` adds one.
  modelSources = { };

  # The folder of the model files for everyone; WHISPER_MODELS_PATH overrides it on one machine.
  modelsDir =
    let
      fromEnvironment = builtins.getEnv "WHISPER_MODELS_PATH";
    in
    if fromEnvironment != "" then fromEnvironment else "$HOME/.local/share/whisper/models";

  # The pins of `whisper lock` by file name: repo, revision and path, or url; size in bytes; sha256 in the format of Nix.
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
    echo "whisper: ${toString (builtins.length activeModels)} active; run whisper list for details" >&2
  '';
in
{
  inherit
    activeModels
    modelSources
    modelsDir
    models
    packages
    shellHook
    ;
  shell = pkgs.mkShell { inherit packages shellHook; };
}
