# The shell for Rust programs that use whisper.cpp. Copy it into any project.
{ pkgs }:
let
  # Configuration at the top: what else than for this machine is compiled for, like "wasm32-unknown-unknown". It needs
  # rust-overlay; nixpkgs alone compiles for this machine only.
  targets = [ ];

  toolchain =
    if pkgs ? rust-bin then
      [
        (pkgs.rust-bin.stable.latest.default.override {
          inherit targets;
          extensions = [
            "clippy"
            "rust-analyzer"
            "rust-src"
          ];
        })
      ]
    else
      [
        pkgs.rustc
        pkgs.cargo
        pkgs.clippy
        pkgs.rustfmt
        pkgs.rust-analyzer
      ];

  # What whisper.cpp and the usual crates with C in them are built with.
  buildDependencies = [
    pkgs.pkg-config
    pkgs.cmake
    pkgs.clang
    pkgs.openssl
  ]
  # Sound, which macOS brings along.
  ++ pkgs.lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.alsa-lib ];

  tools = [
    pkgs.sqlite
    pkgs.duckdb
    pkgs.sqlx-cli
    pkgs.cargo-watch
    pkgs.cargo-audit
    pkgs.bacon
    pkgs.just
    pkgs.jq
  ];

  packages = toolchain ++ buildDependencies ++ tools;

  shellHook = ''
    export LIBCLANG_PATH="${pkgs.clang.cc.lib or pkgs.clang}/lib"
  '';
in
{
  inherit
    targets
    toolchain
    buildDependencies
    packages
    shellHook
    ;
  shell = pkgs.mkShell { inherit packages shellHook; };
}
