# The program, built by its npm scripts.
{
  pkgs,
  nodejs ? pkgs.nodejs_24,
}:
let
  inherit (pkgs) lib;
  manifest = lib.importJSON ../package.json;

  # Changes to other files, like a README or a test, do not rebuild the program.
  source = [
    "LICENSE"
    "native/file-writers-linux-arm64.node"
    "native/file-writers-linux-x64.node"
    "nix/whisper-manager.nix"
    "package-lock.json"
    "package.json"
    "scripts/man-page"
    "scripts/bundle"
    "scripts/third-party"
    "src"
    "tsconfig.json"
    "wasm/licenses"
    "wasm/nix-parser.wasm"
  ];
  isSource =
    path:
    builtins.any (
      name:
      let
        wanted = "${toString ../.}/${name}";
      in
      path == wanted || lib.hasPrefix "${wanted}/" path || lib.hasPrefix "${path}/" wanted
    ) source;
in
pkgs.buildNpmPackage {
  pname = "whisper-models";
  inherit (manifest) version;

  src = builtins.path {
    path = ../.;
    name = "whisper-models-source";
    filter = path: _: isSource path;
  };

  inherit nodejs;
  npmDeps = import ./npm-deps.nix { inherit pkgs nodejs; };
  inherit (pkgs.importNpmLock) npmConfigHook;

  # Nothing is compiled: packages bring what they need, so that none has to run a script.
  npmRebuildFlags = [ "--ignore-scripts" ];

  # Without this, listing the files of the package would build them a second time.
  npmPackFlags = [ "--ignore-scripts" ];

  # The compiled files stay as they are in the repository and in the packages, also those for other systems.
  dontStrip = true;
  dontPatchELF = true;

  # npm's list of files omits the V8 code cache, because another Node cannot use it. npm takes manual pages
  # only as a list, the hook of nixpkgs only a single one, so the page is installed here. npm's copy of the lock file refers to
  # the archives of the packages, and would keep all of them in the closure.
  postInstall = ''
    installed="$out/lib/node_modules/whisper-models"
    cp dist/bin/*.cache "$installed/dist/bin/"
    rm -f "$installed/node_modules/.package-lock.json"
    install -D -m 444 dist/man/whisper.1 "$out/share/man/man1/whisper.1"

    # bash and fish look for a file with the name of the command; zsh reads the names in the file.
    mkdir -p "$out"/share/{bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
    node dist/bin/main.cjs completions bash >"$out/share/bash-completion/completions/whisper"
    node dist/bin/main.cjs completions zsh >"$out/share/zsh/site-functions/_whisper"
    node dist/bin/main.cjs completions fish >"$out/share/fish/vendor_completions.d/whisper.fish"
    for program in manager download prune list; do
      ln -s whisper "$out/share/bash-completion/completions/whisper-$program"
      ln -s whisper.fish "$out/share/fish/vendor_completions.d/whisper-$program.fish"
    done
  '';

  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = "whisper";
    platforms = lib.platforms.unix;
  };
}
