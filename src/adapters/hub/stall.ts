/** A connection that brings nothing any more; it has the code that undici gives to its own errors of that kind. */
export class Stall extends Error {
  readonly code = 'UND_ERR_BODY_TIMEOUT';
}
