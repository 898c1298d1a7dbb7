const BUILDERS = 'buildNpmPackage importNpmLock importNpmLock.npmConfigHook linkFarm mkShell runCommand';
const PLATFORM = 'stdenv.hostPlatform stdenv.hostPlatform.isLinux stdenv.hostPlatform.system';
const COMPILER = 'pkgsCross.wasi32.stdenv pkgsCross.wasi32.stdenv.cc';
const PROGRAMS = `alsa-lib bacon cacert cargo cargo-audit cargo-watch clang clang.cc.lib clippy cmake duckdb jq just nixfmt-tree
  nodejs_24 openssl pkg-config rust-analyzer rustc rustfmt sqlite sqlx-cli`;
const FUNCTIONS = `lib.filterAttrs lib.genAttrs lib.hasPrefix lib.importJSON lib.licenses.mit lib.literalExpression
  lib.mkEnableOption lib.mkIf lib.mkOption lib.optionalAttrs lib.optionals lib.platforms.unix
  lib.types.attrsOf lib.types.ints.unsigned lib.types.listOf lib.types.nullOr lib.types.package lib.types.str
  lib.types.submodule`;
const OVERLAYS = 'rust-bin.stable.latest.default.override whisper-models';

/**
 * What the Nix files use of nixpkgs and of the two overlays. Who uses one name more looks first whether the newest nixpkgs has
 * it on all systems of the flake: the tests run on a stub, which would not tell.
 */
export const nixpkgsNames: readonly string[] = [BUILDERS, PLATFORM, COMPILER, PROGRAMS, FUNCTIONS, OVERLAYS].flatMap(
  (names) => names.split(/\s+/),
);
