/** What the grammar does with a construct. */
export type Grammar =
  | 'accepts'
  | 'refuses'
  /** No error in the tree, but to Nix it means something else than the source. */
  | 'misreads'
  /** An error in the tree, and without the error the tree is a whole file, but not the one that was written. */
  | 'mends';

/** Constructs on which the grammar, Nix and the reader are not of one mind, or where that looks deceptively so. */
export interface Gap {
  readonly what: string;
  /** Files of `ok/` or of `err/`. */
  readonly constructs: readonly string[];
  readonly grammar: Grammar;
  readonly nix: 'accepts' | 'refuses';
  /** What comes of a registry that holds the construct. */
  readonly reader: 'reads as Nix does' | 'refuses';
  readonly note: string;
  /** How other versions of Nix differ: these constructs are compared with the measured version only. */
  readonly otherNix?: string;
}
