# The packages of package-lock.json, which contains their hashes but not their URLs; npm resolves these. Each package is downloaded by
# `npm pack` and verified against the hash in the lock file, so there is no second hash to keep up to date.
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

  pack =
    path: entry:
    let
      # The part after the last node_modules/: NAME or @SCOPE/NAME.
      name = builtins.elemAt (builtins.match "(.*/)?node_modules/(.+)" path) 1;
    in
    pkgs.runCommand "${builtins.replaceStrings [ "@" "/" ] [ "" "-" ] name}-${entry.version}.tgz"
      {
        nativeBuildInputs = [ nodejs ];
        SSL_CERT_FILE = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";
        outputHashMode = "flat";
        outputHash = entry.integrity;
        impureEnvVars = [
          "http_proxy"
          "https_proxy"
          "no_proxy"
          "HTTP_PROXY"
          "HTTPS_PROXY"
          "NO_PROXY"
          "npm_config_cafile"
          "npm_config_registry"
        ];
      }
      ''
        export HOME="$TMPDIR"
        npm pack --silent --ignore-scripts '${name}@${entry.version}'
        mv ./*.tgz "$out"
        exit 0
      '';
in
pkgs.importNpmLock {
  npmRoot = ../.;
  packageLock = lock // {
    packages = builtins.mapAttrs (_: withoutForeign) packages;
  };
  packageSourceOverrides = builtins.mapAttrs pack (removeAttrs packages [ "" ]);
}
