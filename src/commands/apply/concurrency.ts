import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Sized } from '../../core/plan/plan.ts';
import type { Context } from '../session/context.ts';

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
