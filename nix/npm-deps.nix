# The packages of package-lock.json.
{
  pkgs,
  nodejs ? pkgs.nodejs_24,
}:
let
  inherit (pkgs) lib;
  inherit (pkgs.stdenv.hostPlatform) isLinux system;

  os = if isLinux then "linux" else "darwin";
  cpu = if lib.hasPrefix "aarch64" system then "arm64" else "x64";

  # Compilers have one package per platform; only those of this platform are downloaded.
  isForHere =
    entry:
    builtins.elem os (entry.os or [ os ])
    && builtins.elem cpu (entry.cpu or [ cpu ])
    && builtins.elem "glibc" (entry.libc or [ "glibc" ]);

  lock = lib.importJSON ../package-lock.json;
  packages = lib.filterAttrs (_: isForHere) lock.packages;
  withoutForeign =
    entry:
    entry
    // lib.optionalAttrs (entry ? optionalDependencies) {
      optionalDependencies = lib.filterAttrs (
        name: _: packages ? "node_modules/${name}"
      ) entry.optionalDependencies;
    };
in
pkgs.importNpmLock {
  npmRoot = ../.;
  packageLock = lock // {
    packages = builtins.mapAttrs (_: withoutForeign) packages;
  };
  packageSourceOverrides = builtins.mapAttrs (import ./npm-archive.nix { inherit pkgs nodejs; }) (
    removeAttrs packages [ "" ]
  );
}
