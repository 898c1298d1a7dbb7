# The shells, put together from the modules.
{ pkgs }:
let
  rust = import ./rust-env.nix { inherit pkgs; };
  whisper = import ./whisper-manager.nix { inherit pkgs; };

  # What whisper itself is compiled with. npm would download the headers of Node if it were not told where they are.
  forWhisperItself = [
    pkgs.nodejs_24
    pkgs.python3
  ];
  headers = ''
    export npm_config_nodedir="${pkgs.nodejs_24}"
  '';
in
{
  rust = rust.shell;
  whisper = whisper.shell;

  # Everything, and what it takes to work on whisper itself.
  default = pkgs.mkShell {
    inputsFrom = [
      rust.shell
      whisper.shell
    ];
    packages = forWhisperItself;
    shellHook = headers;
  };

  # As little as builds and tests need: no model tools, and not a word.
  ci = pkgs.mkShell {
    packages = rust.toolchain ++ rust.buildDependencies ++ forWhisperItself;
    shellHook = rust.shellHook + headers;
  };
}
