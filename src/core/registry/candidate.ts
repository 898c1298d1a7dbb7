import type { Definition } from './scope.ts';
import type { SyntaxNode } from './syntax.ts';

/** A binding on the spine whose attrpath ends in the wanted one, and what its name means there. */
export interface Candidate {
  readonly path: readonly string[];
  /** The binding, or the name in an `inherit`: what a message points at. */
  readonly node: SyntaxNode;
  readonly definition: Definition;
  /** The `let` that it is bound in, which is not visible from outside the file; `undefined`: the result has it. */
  readonly holder: Holder | undefined;
  /** An `assert` that has to hold before Nix gets to the binding, and which the text does not decide. */
  readonly assertion: SyntaxNode | undefined;
}

export interface Holder {
  readonly body: SyntaxNode;
  /** How many names of the path lead to the `let`. */
  readonly depth: number;
}

/** Where the spine ends in something that is no set: what is in there, only an evaluator knows. */
export interface End {
  readonly path: readonly string[];
  readonly node: SyntaxNode;
  /** Whether it is a side of `//`, so that its attributes are among those of a set. */
  readonly isSide: boolean;
  readonly isForeign: () => boolean;
}

export interface Spine {
  readonly candidates: readonly Candidate[];
  /** Those outside of a `let`, and with a shorter path than the wanted one: further inside they say nothing of it. */
  readonly ends: readonly End[];
}
