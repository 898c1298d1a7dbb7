# The active models as paths of the Nix store. A path depends on nothing but the file's name and its sha256, so any source can
# provide the file: the hub, another server, a binary cache, this machine. A model is pinned by the first of these that has it:
# the lock file that `whisper lock` writes, `modelSources` of the registry, the catalogue of the program.
{
  pkgs,
  registry ? ./whisper-manager.nix,
  lockFile ? ./whisper-models.lock.json,
  # A copy of this file in another project has no catalogue.
  catalogue ? ../src/core/catalogue/catalogue-data.json,
}:
let
  inventory =
    let
      value = import registry;
    in
    if builtins.isFunction value then value { inherit pkgs; } else value;
  inherit (inventory) activeModels;
  modelSources = inventory.modelSources or { };

  # HF_ENDPOINT, which may name a mirror, is read only with `--impure`.
  endpoint = builtins.match "(.*[^/])/*" (builtins.getEnv "HF_ENDPOINT");
  hub = if endpoint == null then "https://huggingface.co" else builtins.head endpoint;
  urlOf = import ./model-url.nix hub;

  lockName = baseNameOf (toString lockFile);
  sourcesName = "modelSources of ${baseNameOf (toString registry)}";

  readJSON =
    file: otherwise:
    if builtins.pathExists file then builtins.fromJSON (builtins.readFile file) else otherwise;
  byFile =
    pins:
    builtins.listToAttrs (
      map (pin: {
        name = pin.file;
        value = pin;
      }) pins
    );
  locked = byFile (readJSON lockFile { models = [ ]; }).models;
  known = byFile (readJSON catalogue [ ]);

  # An entry is a file name or a short name: "base.en" means "ggml-base.en.bin".
  fileName =
    entry: if builtins.match "ggml-.*\\.bin" entry != null then entry else "ggml-${entry}.bin";

  # The attribute of `modelSources` for a file, as a list of one or none.
  sourceNames =
    file:
    let
      names = builtins.filter (name: fileName name == file) (builtins.attrNames modelSources);
    in
    if builtins.length names > 1 then
      throw "${sourcesName} has two entries for ${file}, ${builtins.concatStringsSep " and " names}: remove one of them"
    else
      names;

  isHash =
    text:
    builtins.match "sha256[-:][A-Za-z0-9+/]{43}=|(sha256:)?([0-9a-fA-F]{64}|[0-9a-df-np-sv-z]{52})" text
    != null;
  isAddress = text: builtins.match "https?://[^/?#@[:space:]]+([/?#][^[:space:]]*)?" text != null;

  # What an entry of `modelSources` says, in the form of a pin; without sha256 where that is not known yet.
  declaredPin =
    file: source:
    let
      url = source.url or (throw "${file} has no url in ${sourcesName}: add the address of the file");
      hashes = builtins.filter (hash: hash != "") [
        (source.hash or "")
        (source.sha256 or "")
      ];
      paths = map (sha256: pathOf { inherit file url sha256; }) hashes;
      size = if source ? size then { inherit (source) size; } else { };
    in
    if !isAddress url then
      throw "the url of ${file} in ${sourcesName} is not a valid URL without user name and password: correct it"
    else if !builtins.all isHash hashes then
      throw "the hash of ${file} in ${sourcesName} is not a sha256: write it as Nix does, like sha256-…"
    else if builtins.any (path: path != builtins.head paths) paths then
      throw "${file} has different values in hash and sha256 in ${sourcesName}: remove the one that is wrong"
    else
      { inherit file url; } // size // (if hashes == [ ] then { } else { sha256 = builtins.head hashes; });

  # Equivalent to `fetchurl` of nixpkgs, but does not need nixpkgs.
  fetch =
    pin:
    let
      url = urlOf pin;
    in
    derivation {
      name = pin.file;
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

  pathOf = pin: (fetch pin).outPath;

  # What a source and another pin say differently. Hashes are compared by store path, because they have several forms.
  differingField =
    declared: pin:
    if declared ? sha256 && pin ? sha256 && pathOf declared != pathOf pin then
      "hash"
    else if declared ? size && pin ? size && declared.size != pin.size then
      "size"
    else
      null;

  modelOf =
    file:
    let
      names = sourceNames file;
      declared = if names == [ ] then { } else declaredPin file modelSources.${builtins.head names};
      inLock = locked.${file} or { };
      inCatalogue = known.${file} or { };
      contradiction =
        pin: place:
        let
          field = differingField declared pin;
        in
        if field == null then null else "${file} has one ${field} in ${place} and another in ${sourcesName}";
      againstLock = contradiction inLock lockName;
      againstCatalogue = contradiction inCatalogue "the catalogue";
      # A source without hash has the bytes that the catalogue knows.
      unlocked =
        if declared == { } then
          inCatalogue
        else
          builtins.intersectAttrs { sha256 = null; } inCatalogue // declared;
      pin = if inLock == { } then unlocked else inLock;
    in
    if againstLock != null then
      throw "${againstLock}: remove the one that is wrong"
    else if againstCatalogue != null then
      throw "${againstCatalogue}: correct it, or give the model another name"
    else if pin ? sha256 then
      fetch pin
    else if declared != { } then
      throw "${file} has no hash in ${sourcesName}: run `whisper sync`, then `whisper check --fix`"
    else
      throw "${file} is active but not pinned in ${lockName}: run `whisper lock`";

  models = builtins.listToAttrs (
    map (name: {
      inherit name;
      value = modelOf name;
    }) (map fileName activeModels)
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
