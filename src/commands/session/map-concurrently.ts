export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Does some work for each item, several at a time: an item takes `weightOf` of `room` slots. Items that have started continue
 * when another fails. Results are in the order of the items.
 */
export async function mapConcurrently<Item, T>(
  items: readonly Item[],
  weightOf: (item: Item) => number,
  room: number,
  work: (item: Item) => Promise<T>,
): Promise<readonly Outcome<T>[]> {
  const slots = new Slots(room);
  const running: Promise<Outcome<T>>[] = [];
  for (const item of items) {
    const weight = Math.min(room, weightOf(item));
    await slots.take(weight);
    const settled = work(item).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    running.push(settled.finally(() => slots.giveBack(weight)));
  }
  return Promise.all(running);
}

/** The values, or throws the first error. */
export function valuesOf<T>(outcomes: readonly Outcome<T>[]): readonly T[] {
  return outcomes.map((outcome) => {
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  });
}

class Slots {
  #free: number;
  #wake: () => void = () => {};

  constructor(free: number) {
    this.#free = free;
  }

  async take(count: number): Promise<void> {
    while (this.#free < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#free -= count;
  }

  giveBack(count: number): void {
    this.#free += count;
    this.#wake();
  }
}
