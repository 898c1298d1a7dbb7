import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { isAddress } from '../../core/catalogue/given-address.ts';
import type { ParsedOptions } from '../options.ts';
import type { Context } from './context.ts';

/** What operands mean: names of models, and entries of those that were given by an address. */
export interface GivenModels {
  readonly models: readonly string[];
  readonly declared: readonly CatalogueEntry[];
  /** The addresses on web servers. */
  readonly named: readonly string[];
}

/** Looks up the operands that are addresses, with `--as NAME`. Names stay as they are, and load nothing that sends requests. */
export async function givenModels(
  context: Context,
  operands: readonly string[],
  { as }: ParsedOptions,
): Promise<GivenModels> {
  if (as === undefined && !operands.some(isAddress)) return { models: operands, declared: [], named: [] };
  const { lookUpAddresses } = await import('../apply/addresses.ts');
  return lookUpAddresses(context, operands, typeof as === 'string' ? as : undefined);
}
