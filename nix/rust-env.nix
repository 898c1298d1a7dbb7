# The shell for Rust programs that use whisper.cpp. Copy it into any project.
{ pkgs }:
let
  # Configuration: additional compilation targets, like "wasm32-unknown-unknown". They need
  # rust-overlay; nixpkgs alone compiles only for this machine.
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

  # The tools that build whisper.cpp and common crates with C code.
  buildDependencies = [
    pkgs.pkg-config
    pkgs.cmake
    pkgs.clang
    pkgs.openssl
  ]
  # Audio libraries; macOS includes them.
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
