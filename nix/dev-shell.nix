# The shell to work on whisper itself, and to run it from the checkout.
{ pkgs }:
let
  # The program of the checkout that the shell was entered in, with a command filled in or none.
  fromCheckout =
    name: command:
    pkgs.writeShellScriptBin name ''
      main="$WHISPER_CHECKOUT/dist/bin/main.cjs"
      if [ ! -e "$main" ]; then
        echo "${name}: build it first: npm install, in $WHISPER_CHECKOUT" >&2
        exit 1
      fi
      exec node "$main" ${command} "$@"
    '';

  packages = [
    pkgs.nodejs_24
    pkgs.python3
    (fromCheckout "whisper" "")
    (fromCheckout "whisper-manager" "")
    (fromCheckout "whisper-download" "download")
    (fromCheckout "whisper-prune" "prune")
    (fromCheckout "whisper-list" "list")
  ];

  shellHook = ''
    export WHISPER_CHECKOUT="$PWD"
    # The headers to compile the parser with; node-gyp would download them.
    export npm_config_nodedir="${pkgs.nodejs_24}"
  '';
in
{
  inherit packages shellHook;
  shell = pkgs.mkShell { inherit packages shellHook; };
}
