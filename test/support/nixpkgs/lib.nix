rec {
  inherit (import ./modules.nix)
    evalModules
    literalExpression
    mkEnableOption
    mkIf
    mkOption
    types
    ;

  genAttrs =
    names: f:
    builtins.listToAttrs (
      map (name: {
        inherit name;
        value = f name;
      }) names
    );
  filterAttrs =
    keep: set: removeAttrs set (builtins.filter (name: !keep name set.${name}) (builtins.attrNames set));
  optionals = condition: list: if condition then list else [ ];
  optionalAttrs = condition: set: if condition then set else { };
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
  importJSON = file: builtins.fromJSON (builtins.readFile file);

  licenses.mit.spdxId = "MIT";
  platforms.unix = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
}
