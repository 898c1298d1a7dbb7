# Called `whisper-models` because nixpkgs has another program called `whisper`.
final: _: {
  whisper-models = import ./package.nix { pkgs = final; };
}
