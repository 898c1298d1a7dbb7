import { yieldToSignals } from '../../adapters/process/host.ts';
import { suggest } from '../../core/catalogue/catalogue.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { WhisperError } from '../../core/errors.ts';
import { emptyListRefused, unknownListedModel } from '../../core/messages/edits.ts';
import { refusePruning } from '../../core/plan/outcome.ts';
import type { Actual, Plan } from '../../core/plan/plan.ts';
import { totalSize } from '../../core/quantity.ts';
import { placeOf } from '../../core/registry/diagnostic.ts';
import { requireModelNames } from '../../core/registry/lint.ts';
import { activeEntries } from '../../core/registry/registry.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';

/** A session, or one with a list that was fixed. */
export type Listing = Omit<Session, 'active'> & { readonly active: readonly { readonly name: string }[] };

interface Planned {
  readonly plan: Plan;
  readonly actual: Actual;
}

/** The plan with the error that refuses pruning, if any: of `likelyTypo`, of `namesError`, or an empty list. */
export function refuse<P extends Planned>(session: Listing, allowEmpty: boolean, planned: P, known?: WhisperError): P {
  const error = known ?? (allowEmpty ? undefined : emptied(session, planned.plan));
  return error ? { ...planned, plan: refusePruning(planned.plan, error) } : planned;
}

/** Entries between two chances for a signal to be handled: each unknown name is compared with the whole catalogue. */
const TURN = 1000;

/** The error for a name that is neither in the catalogue nor on disk, and similar to that of a model that would be pruned. */
export async function likelyTypo(
  { host }: Pick<Context, 'host'>,
  { registry, active, catalogue }: Listing,
  { plan, actual }: Planned,
): Promise<WhisperError | undefined> {
  const going = new Set([...plan.prune, ...plan.unverified].map(({ name }) => shortName(name)));
  if (going.size === 0) return undefined;
  const onDisk = new Set([...actual.files.map(({ name }) => name), ...plan.restore]);
  const listed = new Set(active.map(({ name }) => name));
  for (const [index, entry] of activeEntries(registry).entries()) {
    if (!listed.has(entry.name) || catalogue.has(entry.name) || onDisk.has(entry.name)) continue;
    if (index % TURN === 0) await yieldToSignals(host.signal);
    const near = suggest(entry.name, catalogue).filter((name) => going.has(name));
    if (near.length > 0) return unknownListedModel(entry.name, near, placeOf(registry.file, registry.text, entry));
  }
  return undefined;
}

function emptied({ registry, active }: Listing, plan: Plan): WhisperError | undefined {
  const files = [...plan.prune, ...plan.unverified, ...plan.expired];
  if (active.length > 0 || files.length === 0) return undefined;
  const names = files.map(({ name }) => name);
  return emptyListRefused(registry.file, names, plan.freed + totalSize(plan.unverified));
}

export function namesError(registry: Session['registry']): WhisperError | undefined {
  try {
    requireModelNames(registry);
    return undefined;
  } catch (error) {
    if (error instanceof WhisperError) return error;
    throw error;
  }
}
