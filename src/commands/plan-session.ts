import { WhisperError } from '../core/errors.ts';
import { makePlan, type Actual, type Desired, type Plan } from '../core/models/plan.ts';
import type { Root } from '../core/models/root.ts';
import { lintNames, requireModelNames } from '../core/registry/lint.ts';
import { readOthers, type Others } from './other-roots.ts';
import type { Context, Session } from './session.ts';

/** What prune may do, as the options say. */
export interface PruneRules {
  readonly prune: boolean;
  readonly unmanaged: boolean;
  readonly allowEmpty: boolean;
}

/** A plan, and the other registries that turned out to be gone. */
export interface SessionPlan {
  readonly plan: Plan;
  readonly goneRoots: readonly Root[];
}

/** The plan for a session: what it lists and wants, against what is there and what other registries list. */
export async function planSession(
  context: Context,
  session: Session,
  rules: PruneRules,
  fetch: Pick<Desired, 'wanted' | 'refetch'>,
): Promise<SessionPlan> {
  requireModelNames(session.registry);
  const actual = session.modelsDir.scan();
  const others = await readOthers(context, session);
  const active = session.active.map(({ name }) => name);
  const desired = { ...fetch, active, elsewhere: namesOf(others), prune: rules.prune, unmanaged: rules.unmanaged };
  return { plan: makePlan(desired, actual, session.catalogue), goneRoots: others.gone };
}

function namesOf({ lists }: Others): readonly string[] {
  return lists.flatMap(({ registry }) => registry.entries.map(({ value }) => value));
}

/** The files that a prune would remove; none where another registry cannot be read, because then it would refuse. */
export async function prunable(
  context: Context,
  session: Omit<Session, 'active'> & { readonly active: readonly string[] },
  actual: Actual,
): Promise<Plan['prune']> {
  try {
    const others = await readOthers(context, session);
    const fetch = { wanted: [], refetch: false };
    const desired = { ...fetch, active: session.active, elsewhere: namesOf(others), prune: true, unmanaged: false };
    return makePlan(desired, actual, session.catalogue).prune;
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.talk.notice(error.message);
    return [];
  }
}

/** Says which entries of the list, and which notes about other registries, are probably mistakes. */
export function warnOfNames({ talk }: Context, session: Session, onDisk: readonly string[]): void {
  for (const sentence of lintNames(session.registry, session.catalogue, new Set(onDisk))) talk.notice(sentence);
  for (const path of session.modelsDir.roots.read().damaged) {
    talk.notice(`${path} cannot be read: the registry that it was about does not keep its models`);
  }
}
