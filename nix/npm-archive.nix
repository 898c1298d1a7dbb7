# The archive of a package in a package-lock.json, which contains its hash but not its URL; npm resolves it. `npm pack` downloads
# it, and Nix verifies it against the hash in the lock file, so there is no second hash to keep up to date.
{ pkgs, nodejs }:
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
  ''
