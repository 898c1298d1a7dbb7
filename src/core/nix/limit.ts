/**
 * Thrown where a text would take more work than any registry is worth. The limits count steps, not time, so that a text is
 * refused everywhere or nowhere.
 */
export class LimitExceeded extends Error {
  readonly limit: 'depth' | 'work';

  constructor(limit: 'depth' | 'work') {
    super(limit === 'depth' ? 'nested too deeply' : 'too much work to read');
    this.limit = limit;
  }
}

/** How many brackets, functions, `let`s and operators may be inside of each other: what the stack has room for. */
export const MAX_DEPTH = 256;
