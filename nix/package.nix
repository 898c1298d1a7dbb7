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
    "binding.gyp"
    "native"
    "nix/whisper-manager.nix"
    "package-lock.json"
    "package.json"
    "scripts/man-page"
    "scripts/bundle"
    "scripts/third-party"
    "src"
    "tsconfig.json"
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

  # Native dependencies are compiled, even if they contain binaries. The Nix grammar is compiled by
  # the package itself.
  npmRebuildFlags = [ "tree-sitter" ];
  npm_config_build_from_source = "true";
  preBuild = ''
    npm run install
  '';

  # Without this, listing the files of the package would build them a second time.
  npmPackFlags = [ "--ignore-scripts" ];

  # npm's list of files omits compiled files. npm takes manual pages only as a list, the hook of nixpkgs only a single one,
  # so the page is installed here. The files that compilers and npm leave next to it refer to the headers of Node and the
  # archives of the packages, and would keep all of them in the closure.
  postInstall = ''
    installed="$out/lib/node_modules/whisper-models"
    mkdir -p "$installed/build/Release"
    cp build/Release/*.node "$installed/build/Release/"
    cp dist/bin/*.cache "$installed/dist/bin/"
    find "$installed/node_modules/tree-sitter" -name obj.target -prune -exec rm -rf {} +
    find "$installed/node_modules/tree-sitter" -path '*/build/*' -type f ! -name '*.node' -delete
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
