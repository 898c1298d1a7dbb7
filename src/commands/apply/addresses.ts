import { hubOf } from '../../adapters/hub/environment.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { isAddress, readAddress } from '../../core/catalogue/given-address.ts';
import { nameWithoutAddress, offlineAddress, twoAddressesForName } from '../../core/messages/addresses.ts';
import type { Context } from '../session/context.ts';
import { HubLink } from './hub-link.ts';

/** What operands mean: names of models, and entries of those that were given by an address. */
export interface GivenModels {
  readonly models: readonly string[];
  readonly declared: readonly CatalogueEntry[];
  /** The addresses on web servers. */
  readonly named: readonly string[];
}

/**
 * Looks up the operands that are addresses; names stay as they are. `as`: the name of the model at the only address. Throws
 * `usage` (exit 2) where an address has no file or no name, and as a transfer does where the server refuses.
 */
export async function lookUpAddresses(
  context: Context,
  operands: readonly string[],
  as: string | undefined,
): Promise<GivenModels> {
  const addresses = operands.filter(isAddress);
  if (as !== undefined && (addresses.length !== 1 || operands.length !== 1)) throw nameWithoutAddress();
  const { endpoint } = hubOf(context.host.environment);
  const read = new Map(addresses.map((given) => [given, readAddress(given, as, endpoint)]));
  const files = [...read.values()].map(({ file }) => file);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw twoAddressesForName(twice);
  const named = [...read.values()].flatMap(({ url }) => url ?? []);
  const link = new HubLink(context, { named });
  try {
    const [first = ''] = addresses;
    if (link.isOffline) throw offlineAddress(first);
    const declared = await Promise.all([...read.values()].map(async (entry) => link.lookUp(entry)));
    return { models: operands.map((given) => read.get(given)?.file ?? given), declared, named };
  } finally {
    await link.close();
  }
}
