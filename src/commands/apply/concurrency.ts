import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Sized } from '../../core/plan/plan.ts';
import type { Context } from '../session/context.ts';

/** How one of several pieces of work has ended. */
export type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/**
 * Does a piece of work for each item, several at a time: items take `weightOf` of `room` slots each. Items that have started continue
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

/** Does pieces of work one after the other, in the order in which they were asked for. */
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

/** Shows how far the hashing of these files is. */
export async function whileHashing<T>(
  { reporter }: Context,
  files: readonly Sized[],
  work: () => Promise<T>,
): Promise<T> {
  await reporter.progressBegin(files);
  return work().finally(() => reporter.progressEnd(files.map(({ name }) => name)));
}
