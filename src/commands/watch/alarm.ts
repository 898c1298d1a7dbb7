/** Sleeps until it rings, or a time is over. A ring that comes early ends the next sleep at once. */
export class Alarm {
  #isRinging = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#isRinging = true;
    this.#wake?.();
  }

  /** Returns whether it rang before the time was over. */
  async sleep(milliseconds: number): Promise<boolean> {
    if (!this.#isRinging) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = undefined;
    const isRinging = this.#isRinging;
    this.#isRinging = false;
    return isRinging;
  }
}
