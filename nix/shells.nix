# The shells, composed from the modules.
{ pkgs }:
let
  rust = import ./rust-env.nix { inherit pkgs; };
  whisper = import ./whisper-manager.nix { inherit pkgs; };

  # The tools that build whisper itself.
  forWhisperItself = [ pkgs.nodejs_24 ];
in
{
  rust = rust.shell;
  whisper = whisper.shell;

  # Everything, including the tools for working on whisper itself.
  default = pkgs.mkShell {
    inputsFrom = [
      rust.shell
      whisper.shell
    ];
    packages = forWhisperItself;
  };

  # Only what builds and tests need: no model tools, no output.
  ci = pkgs.mkShell {
    packages = rust.toolchain ++ rust.buildDependencies ++ forWhisperItself;
    inherit (rust) shellHook;
  };
}
