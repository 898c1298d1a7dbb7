import { isAddress } from '../../core/catalogue/given-address.ts';
import type { GivenModels } from '../apply/addresses.ts';
import type { ParsedOptions } from '../options.ts';
import type { Context } from './context.ts';

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
