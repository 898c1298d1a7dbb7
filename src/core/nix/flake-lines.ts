import { quote } from './string-literal.ts';

/** A path that Nix reads as one, after `./` or `../`. */
const PLAIN = /^[\w.+/-]+$/;

/**
 * What a project's flake says to have the shell of its registry: the input, the packages with the program in them, the
 * shell. `path` is the registry's, from the folder of the flake; OWNER stands for where the program's repository lives.
 */
export function flakeLines(path: string): readonly string[] {
  const written = path.startsWith('../') ? path : `./${path}`;
  const module = PLAIN.test(path) ? written : `(./. + ${quote(`/${path}`)})`;
  return [
    'inputs.whisper.url = "github:OWNER/whisper";',
    'pkgs = import nixpkgs { inherit system; overlays = [ whisper.overlays.default ]; };',
    `devShells.\${system}.default = (import ${module} { inherit pkgs; }).shell;`,
  ];
}
