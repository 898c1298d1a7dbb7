{
  description = "A project with a list of whisper models";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  # Replace OWNER with the owner of the whisper repository.
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
      forEachSystem = f: nixpkgs.lib.genAttrs systems (system: f (import nixpkgs { inherit system overlays; }));
      registry = ./nix/whisper-manager.nix;
      lockFile = ./nix/whisper-models.lock.json;
    in
    {
      devShells = forEachSystem (pkgs: {
        default = (import registry { inherit pkgs; }).shell;
      });
      packages = forEachSystem (pkgs: {
        models = (import "${whisper}/nix/models.nix" { inherit pkgs registry lockFile; }).folder;
      });
      lib = { inherit (import registry { pkgs = { }; }) activeModels; };
    };
}
