# The Home Manager module: installs the program and writes a registry that applies wherever the home directory has no other. It
# downloads nothing; `whisper sync` does.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.programs.whisper;

  # JSON and Nix quote strings in the same way, except for ${, which Nix would interpolate.
  quote = text: builtins.replaceStrings [ "$" ] [ "\\$" ] (builtins.toJSON text);

  sourceLines =
    name:
    {
      url,
      hash,
      size,
      ...
    }:
    [
      "    ${quote name} = {"
      "      url = ${quote url};"
    ]
    ++ lib.optionals (hash != "") [ "      hash = ${quote hash};" ]
    ++ lib.optionals (size != null) [ "      size = ${toString size};" ]
    ++ [ "    };" ];
  allSourceLines = lib.optionals (cfg.modelSources != { }) (
    [ "  modelSources = {" ]
    ++ builtins.concatLists (builtins.attrValues (builtins.mapAttrs sourceLines cfg.modelSources))
    ++ [ "  };" ]
  );

  registry = ''
    # Written by Home Manager from programs.whisper.
    {
      activeModels = [
    ${builtins.concatStringsSep "" (map (name: "    ${quote name}\n") cfg.activeModels)}  ];
    ${builtins.concatStringsSep "" (map (line: "${line}\n") allSourceLines)}  modelsDir = ${quote cfg.modelDir};
    }
  '';
in
{
  options.programs.whisper = {
    enable = lib.mkEnableOption "whisper, which keeps a folder of whisper.cpp models equal to a list";

    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.whisper-models or (import ./package.nix { inherit pkgs; });
      defaultText = lib.literalExpression "pkgs.whisper-models";
      description = "The program.";
    };

    activeModels = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "ggml-base.en-q5_1.bin" ];
      description = "The models to keep, by file name or short name. If the list is not empty, ~/whisper-manager.nix is written.";
    };

    modelSources = lib.mkOption {
      type = lib.types.attrsOf (
        lib.types.submodule {
          options = {
            url = lib.mkOption {
              type = lib.types.str;
              description = "The address of the file.";
            };

            hash = lib.mkOption {
              type = lib.types.str;
              default = "";
              description = "The sha256 of the file, as fetchurl takes it. Empty: not known yet.";
            };

            size = lib.mkOption {
              type = lib.types.nullOr lib.types.ints.unsigned;
              default = null;
              description = "The size of the file in bytes.";
            };
          };
        }
      );
      default = { };
      example = {
        "ggml-x.bin" = {
          url = "https://example.org/x.bin";
          hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        };
      };
      description = "Where models outside of the catalogue come from, by file name or short name.";
    };

    modelDir = lib.mkOption {
      type = lib.types.str;
      default = "~/.local/share/whisper/models";
      description = "The folder of the model files.";
    };
  };

  config = lib.mkIf cfg.enable {
    home.packages = [ cfg.package ];
    home.file."whisper-manager.nix" = lib.mkIf (cfg.activeModels != [ ]) { text = registry; };
  };
}
