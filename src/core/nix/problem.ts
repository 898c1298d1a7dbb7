/** A half-open range of the source text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Why Nix would refuse a text, where, and what to do about it. */
export interface SyntaxProblem extends Span {
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where the other half of it is, if it has two. */
  readonly first?: number | undefined;
}

/** Thrown inside the checker; ends the check at the first problem. */
export class Refusal extends Error {
  readonly problem: SyntaxProblem;

  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

export function refuse(at: Span, message: string, hint?: string, first?: number): never {
  throw new Refusal({ start: at.start, end: at.end, message, hint, first });
}
