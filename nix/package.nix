# The program, built by the npm scripts that everybody else builds it by.
{
  pkgs,
  nodejs ? pkgs.nodejs_24,
}:
let
  inherit (pkgs) lib;
  manifest = lib.importJSON ../package.json;

  # Whatever else changes, a README or a test, does not build the program anew.
  source = [
    "LICENSE"
    "binding.gyp"
    "native"
    "nix/whisper-manager.nix"
    "package-lock.json"
    "package.json"
    "scripts/man-page"
    "scripts/release"
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

  # Of the dependencies, what runs is compiled, whatever binaries it brings. The grammar of Nix is compiled by
  # the package itself.
  npmRebuildFlags = [ "tree-sitter" ];
  npm_config_build_from_source = "true";
  preBuild = ''
    npm run install
  '';

  # Without this, listing the files of the package would build them a second time.
  npmPackFlags = [ "--ignore-scripts" ];

  # npm's list of files leaves out what was compiled. npm takes manual pages as a list only, the hook of nixpkgs a single one
  # only, so that the page is installed here. What compilers and npm left beside it names the headers of Node and the
  # archives of the packages, and would keep them all.
  postInstall = ''
    installed="$out/lib/node_modules/whisper-models"
    mkdir -p "$installed/build/Release"
    cp build/Release/*.node "$installed/build/Release/"
    cp dist/bin/*.cache "$installed/dist/bin/"
    find "$installed/node_modules/tree-sitter" -name obj.target -prune -exec rm -rf {} +
    find "$installed/node_modules/tree-sitter" -path '*/build/*' -type f ! -name '*.node' -delete
    rm -f "$installed/node_modules/.package-lock.json"
    install -D -m 444 dist/man/whisper.1 "$out/share/man/man1/whisper.1"

    # bash and fish look for a file by the name that was typed, zsh reads the names in it.
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
