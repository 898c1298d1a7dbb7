{
  description = "A project with a list of whisper models";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  # OWNER stands for where the repository of whisper lives.
  inputs.whisper.url = "github:OWNER/whisper";
  inputs.whisper.inputs.nixpkgs.follows = "nixpkgs";

  outputs =
    { nixpkgs, whisper, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      overlays = [ whisper.overlays.default ];
      shellOf = pkgs: (import ./nix/whisper-manager.nix { inherit pkgs; }).shell;
    in
    {
      devShells = nixpkgs.lib.genAttrs systems (system: {
        default = shellOf (import nixpkgs { inherit system overlays; });
      });
    };
}
