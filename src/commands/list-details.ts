import { keepersOf, type Keeper } from './keepers.ts';
import type { ListResult } from './list.ts';
import { readHeaders } from './model-headers.ts';
import type { Context } from './session/session.ts';

/** What a person wants to know who wants to know everything, by the names of models. */
export async function listDetails(
  context: Context,
  { models, others }: ListResult,
): Promise<{
  readonly headers: ReadonlyMap<string, string>;
  readonly keepers: ReadonlyMap<string, readonly Keeper[]>;
}> {
  return { headers: await readHeaders(context, models), keepers: keepersOf(others) };
}
