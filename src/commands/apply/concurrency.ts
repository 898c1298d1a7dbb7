import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Sized } from '../../core/plan/plan.ts';
import type { Context } from '../session/context.ts';

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

/** Returns a function that runs what it is given one after the other, in order. */
export function mutex(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next;
    return next;
  };
}

/** Reports that a model has arrived, with its size in bytes where it is known by then; one that failed is not shown any more. */
export async function reportEnd<T>(
  { reporter }: Context,
  { file: name, size }: CatalogueEntry,
  work: Promise<T>,
  sizeOf: (result: T) => number | undefined,
): Promise<T> {
  try {
    const result = await work;
    const all = sizeOf(result) ?? size;
    reporter.progress({ name, received: all ?? 0, size: all, phase: 'done' });
    return result;
  } catch (error) {
    reporter.progressEnd([name]);
    throw error;
  }
}

export async function whileHashing<T>(
  { reporter }: Context,
  files: readonly Sized[],
  work: () => Promise<T>,
): Promise<T> {
  await reporter.progressBegin(files);
  return work().finally(() => reporter.progressEnd(files.map(({ name }) => name)));
}
