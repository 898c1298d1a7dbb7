# `whisper-models` and not `whisper`: that name is another program's in nixpkgs.
final: _: {
  whisper-models = import ./package.nix { pkgs = final; };
}
