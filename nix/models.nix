# The active models as paths of the Nix store, pinned by the lock file that `whisper lock` writes. A path depends on nothing
# but the file's name and its sha256, so any source can provide the file: the hub, a binary cache, this machine.
{
  pkgs,
  registry ? ./whisper-manager.nix,
  lockFile ? ./whisper-models.lock.json,
}:
let
  inherit (import registry { inherit pkgs; }) activeModels;

  # HF_ENDPOINT, which may name a mirror, is read only with `--impure`.
  endpoint = builtins.match "(.*[^/])/*" (builtins.getEnv "HF_ENDPOINT");
  hub = if endpoint == null then "https://huggingface.co" else builtins.head endpoint;

  lockName = baseNameOf (toString lockFile);
  pins =
    if builtins.pathExists lockFile then
      (builtins.fromJSON (builtins.readFile lockFile)).models
    else
      throw "${lockName} does not exist${named}: run `whisper lock`, then `git add` the file";
  named = if activeModels == [ ] then "" else " (${builtins.concatStringsSep ", " activeModels})";

  # An entry is a file name or a short name: "base.en" means "ggml-base.en.bin".
  files = map (
    entry: if builtins.match "ggml-.*\\.bin" entry != null then entry else "ggml-${entry}.bin"
  ) activeModels;

  pinOf =
    file:
    let
      found = builtins.filter (pin: pin.file == file) pins;
    in
    if found == [ ] then
      throw "${file} is active but not pinned in ${lockName}: run `whisper lock`"
    else
      builtins.head found;

  fetch =
    file:
    let
      pin = pinOf file;
      url = "${hub}/${pin.repo}/resolve/${pin.revision}/${file}";
    in
    # Equivalent to `fetchurl` of nixpkgs, but does not need nixpkgs.
    derivation {
      name = file;
      inherit url;
      urls = [ url ];
      system = "builtin";
      builder = "builtin:fetchurl";
      outputHash = pin.sha256;
      outputHashAlgo = "sha256";
      outputHashMode = "flat";
      executable = false;
      unpack = false;
      preferLocalBuild = true;
    };

  models = builtins.listToAttrs (
    map (name: {
      inherit name;
      value = fetch name;
    }) files
  );
in
{
  inherit models;
  # One folder with all of them, for WHISPER_MODELS_PATH.
  folder = pkgs.linkFarm "whisper-models" (
    map (name: {
      inherit name;
      path = models.${name};
    }) (builtins.attrNames models)
  );
}
