{
  system ? builtins.currentSystem,
  overlays ? [ ],
}:
let
  lib = import ./lib.nix;
  hostFile = ./host.json;
  host = { path = "/usr/local/bin:/usr/bin:/bin"; } // (if builtins.pathExists hostFile then lib.importJSON hostFile else { });

  # A derivation that is made by a bash script of this machine.
  make =
    name: attributes: script:
    derivation (
      {
        inherit name system;
        outputs = [ "out" ];
        builder = "/bin/bash";
        PATH = host.path;
        setup = ./setup.sh;
        args = [
          "-euc"
          "source \"$setup\"\n${script}\nexit 0"
        ];
      }
      // removeAttrs attributes [ "meta" ]
    )
    // {
      meta = attributes.meta or { };
    };

  hostTool = name: make name { } ''
    mkdir -p "$out/bin"
    if program=$(command -v ${name}); then ln -s "$program" "$out/bin/${name}"; fi
  '';

  base =
    pkgs:
    lib.genAttrs [
      "alsa-lib"
      "bacon"
      "cacert"
      "cargo"
      "cargo-audit"
      "cargo-watch"
      "clang"
      "clippy"
      "cmake"
      "duckdb"
      "jq"
      "just"
      "nixfmt-tree"
      "openssl"
      "pkg-config"
      "python3"
      "rust-analyzer"
      "rustc"
      "rustfmt"
      "sqlite"
      "sqlx-cli"
    ] hostTool
    // import ./node.nix { inherit lib host make pkgs; }
    // {
      inherit lib;
      bashInteractive = hostTool "bash";
      runCommand = make;

      stdenv =
        make "stdenv" { } ''
          mkdir "$out"
          cp "$setup" "$out/setup"
        ''
        // {
          hostPlatform = {
            inherit system;
            isLinux = system != "aarch64-darwin";
            isDarwin = system == "aarch64-darwin";
          };
        };

      mkShell =
        shell:
        let
          from = shell.inputsFrom or [ ];
        in
        make "nix-shell" (
          removeAttrs shell [ "inputsFrom" "packages" ]
          // {
            inherit (pkgs) stdenv;
            nativeBuildInputs = shell.packages or [ ] ++ builtins.concatMap (other: other.nativeBuildInputs) from;
            shellHook = builtins.concatStringsSep "\n" (map (other: other.shellHook) from ++ [ (shell.shellHook or "") ]);
          }
        ) "export > \"$out\"";

      linkFarm =
        name: entries:
        make name { } (
          "mkdir \"$out\"\n"
          + builtins.concatStringsSep "\n" (map (entry: "ln -s ${entry.path} \"$out/${entry.name}\"") entries)
        );
    }
    // lib.optionalAttrs (host.hasCompiler or false) {
      # The compiler for WebAssembly is that of scripts/compile.
      pkgsCross.wasi32.stdenv.cc =
        make "wasm32-unknown-wasi-clang" { } ''
          mkdir -p "$out/bin"
          printf '#!/bin/bash\nexec clang-19 --target=wasm32-wasi --sysroot=/usr "$@"\n' > "$out/bin/wasm32-unknown-wasi-cc"
          chmod +x "$out/bin/wasm32-unknown-wasi-cc"
        ''
        // {
          targetPrefix = "wasm32-unknown-wasi-";
        };
    };

  extend = pkgs: previous: overlay: previous // overlay pkgs previous;
  result = builtins.foldl' (extend result) (base result) overlays;
in
result
