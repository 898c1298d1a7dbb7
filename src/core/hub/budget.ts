/** Divides the connections that a command may have among the files that are coming at the same time. */
export class ConnectionBudget {
  readonly #limit: number;
  #files = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The connections that one file may have just now. */
  get share(): number {
    return Math.max(1, Math.floor(this.#limit / Math.max(1, this.#files)));
  }

  enter(): void {
    this.#files += 1;
  }

  leave(): void {
    this.#files -= 1;
  }
}
