{
  description = "Keeps a folder of whisper.cpp models equal to a list in a Nix file";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  inputs.rust-overlay.url = "github:oxalica/rust-overlay";
  inputs.rust-overlay.inputs.nixpkgs.follows = "nixpkgs";

  outputs =
    { self, nixpkgs, rust-overlay }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      overlays = [
        (rust-overlay.overlays.default or (_: _: { }))
        self.overlays.default
      ];
      registry = import ./nix/whisper-manager.nix { pkgs = { }; };
      forEachSystem = f: lib.genAttrs systems (system: f (import nixpkgs { inherit system overlays; }));
    in
    {
      packages = forEachSystem (pkgs: {
        default = pkgs.whisper-models;
        whisper = pkgs.whisper-models;
        models = (import ./nix/models.nix { inherit pkgs; }).folder;
      });
      devShells = forEachSystem (pkgs: import ./nix/shells.nix { inherit pkgs; });
      checks = forEachSystem (pkgs: import ./nix/checks.nix { inherit pkgs; });
      formatter = forEachSystem (pkgs: pkgs.nixfmt-tree);
      overlays.default = import ./nix/overlay.nix;
      templates.default.path = ./nix/template;
      templates.default.description = "A project with a list of whisper models";
      homeModules.default = ./nix/home-module.nix;
      lib = { inherit (registry) activeModels modelSources models modelsDir; };
    };
}
