{
  outputs =
    _:
    let
      lib = import ./lib.nix;
    in
    {
      inherit lib;
      # `nix develop` looks here for a shell to start.
      legacyPackages = lib.genAttrs [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ] (
        system: import ./. { inherit system; }
      );
    };
}
