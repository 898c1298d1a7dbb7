import type { CatalogueEntry } from '../core/models/catalogue.ts';
import type { Sized } from '../core/models/plan.ts';
import type { Context } from './session.ts';

/** Tells of a model that it is here; one that did not come counts no more. */
export async function tellEnd<T extends { readonly size: number } | undefined>(
  { talk }: Context,
  { file: name, size }: CatalogueEntry,
  coming: Promise<T>,
): Promise<T> {
  try {
    const come = await coming;
    const all = come?.size ?? size;
    talk.progress({ name, received: all ?? 0, size: all, phase: 'done' });
    return come;
  } catch (error) {
    talk.progressEnd([name]);
    throw error;
  }
}

/** Shows how far the hashing of these files is. */
export async function whileHashing<T>({ talk }: Context, files: readonly Sized[], work: () => Promise<T>): Promise<T> {
  await talk.progressBegin(files);
  return work().finally(() => talk.progressEnd(files.map(({ name }) => name)));
}
