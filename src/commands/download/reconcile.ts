import { requireModel } from '../../core/catalogue/catalogue.ts';
import type { Plan, Sized } from '../../core/plan/plan.ts';
import { type Adopted, adoptedOf } from '../apply/adopt.ts';
import { apply } from '../apply/apply.ts';
import type { FetchOptions } from '../apply/fetch.ts';
import type { Downloaded } from '../apply/publish.ts';
import { type Goal, planFor, warnOfMistakes } from '../plan/plan.ts';
import { warnOfOverride } from '../session/override.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession } from '../session/session.ts';

interface ReconcileOptions extends CommonOptions, FetchOptions {
  readonly dryRun: boolean;
  readonly refetch: boolean;
  readonly prune: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
}

export interface ReconcileResult {
  readonly dryRun: boolean;
  readonly pruned: readonly Sized[];
  readonly downloaded: readonly Downloaded[];
  readonly present: readonly string[];
  readonly adopted: readonly Adopted[];
  readonly registered: readonly string[];
  readonly plan: Plan;
}

/** Prunes, then fetches, verifies and registers each model. */
export async function download(
  context: Context,
  options: ReconcileOptions & { readonly models: readonly string[]; readonly register: boolean },
): Promise<ReconcileResult> {
  return reconcile(context, options, {
    wanted: ({ catalogue }) => [...new Set(options.models.map((model) => requireModel(model, catalogue)))],
    register: options.register,
    onEmptyList: 'keep',
  });
}

/** Makes the directory equal to the list: prunes, then fetches what is active and missing. */
export async function sync(context: Context, options: ReconcileOptions): Promise<ReconcileResult> {
  return reconcile(context, options, {
    wanted: ({ active }) => active.map(({ name }) => name),
    register: false,
    onEmptyList: 'refuse',
  });
}

async function reconcile(
  context: Context,
  options: ReconcileOptions,
  request: Pick<Goal, 'wanted' | 'register' | 'onEmptyList'>,
): Promise<ReconcileResult> {
  const { prune, unmanaged, allowEmpty, dryRun, refetch } = options;
  const goal: Goal = {
    ...request,
    load: async () => openSession(context, options),
    refetch,
    rules: { prune, unmanaged, allowEmpty, inUse: false, roots: { mayNote: !dryRun } },
  };
  const session = await goal.load();
  warnOfOverride(context, options, session);
  const first = await planFor(context, goal, session);
  warnOfMistakes(context, session, first);
  const { plan, arrived, present, registered } = await apply(context, goal, options, session, first);
  return {
    dryRun,
    pruned: plan.prune,
    downloaded: arrived.filter(({ adoptedFrom }) => adoptedFrom === undefined),
    present,
    adopted: arrived.flatMap((model) => adoptedOf(context.host, model) ?? []),
    registered,
    plan,
  };
}
