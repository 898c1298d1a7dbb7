/** What the grammar does with a construct. */
export type Grammar =
  | 'accepts'
  | 'refuses'
  /** No error in the tree, but Nix parses it differently from the source. */
  | 'misreads'
  /** An error in the tree, without which the tree is a whole file, but another one than the source. */
  | 'recovers';

/** Constructs on which the grammar, Nix and the reader disagree, or agree only by coincidence. */
export interface Gap {
  readonly what: string;
  /** Files of `ok/` or of `err/`. */
  readonly constructs: readonly string[];
  readonly grammar: Grammar;
  readonly nix: 'accepts' | 'refuses';
  /** What the reader does with a registry that contains the construct. */
  readonly reader: 'reads as Nix does' | 'reads as newer Nix does' | 'refuses';
  readonly note: string;
  /** How other versions of Nix differ; these constructs are compared with the measured version only. */
  readonly otherNix?: string;
}
