import { findCandidates } from '../../adapters/store/local-copies.ts';
import { isRootMissing } from '../../adapters/store/roots.ts';
import { findUsers } from '../../adapters/store/users.ts';
import { WhisperError } from '../../core/errors.ts';
import { asWarning, unreadableStateFile } from '../../core/messages/notices.ts';
import { pinnedEntries, planAdoptions } from '../../core/plan/local-copies.ts';
import { withHashes } from '../../core/plan/managed.ts';
import type { Actual, Desired, Plan } from '../../core/plan/plan.ts';
import { makePlan } from '../../core/plan/make-plan.ts';
import { lintNames, requireModelNames } from '../../core/registry/lint.ts';
import type { HashedFile } from '../../core/state/record.ts';
import { listedElsewhere, type Others, readOthers, type ReadOthersOptions } from '../session/roots.ts';
import type { Context, Session } from '../session/session.ts';
import { likelyTypo, type Listing, namesError, refuse } from './refuse-prune.ts';

/** What prune may do, as the options say. */
export interface PruneRules {
  readonly prune: boolean;
  readonly unmanaged: boolean;
  readonly allowEmpty: boolean;
  /** Models that somebody uses may go too. */
  readonly inUse: boolean;
  readonly roots?: ReadOthersOptions;
}

/** A plan, and what turned up on the way to it. */
export interface SessionPlan extends Pick<Others, 'lists' | 'missing' | 'gone'> {
  readonly plan: Plan;
  readonly actual: Actual;
  /** Notes, records and journals that cannot be read: they count as absent. */
  readonly damaged: readonly string[];
}

/** What plans are made from, looked at once. */
interface PlanInputs {
  readonly actual: Actual;
  readonly others: Others;
  /** Who uses which of these models. */
  readonly usersOf: (names: readonly string[]) => Desired['users'];
}

type Wanted = Pick<Desired, 'wanted' | 'refetch'>;

const NOBODY: Others = { lists: [], missing: [], gone: [], damaged: [] };

/**
 * The plan for a session: what it lists and wants, against what is there and what other registries list. `hashes`: of files
 * that were unverified before.
 */
export async function planSession(
  context: Context,
  session: Session,
  rules: PruneRules,
  fetch: Wanted,
  hashes: ReadonlyMap<string, HashedFile> = new Map(),
): Promise<SessionPlan> {
  const ground = await groundOf(context, session, rules);
  const planned = planOver(session, rules, fetch, { ...ground, actual: withHashes(ground.actual, hashes) });
  // A root that is back by now may list more than it did.
  const isBack = [...planned.missing, ...planned.gone.filter(({ why }) => why === 'missing')].some(
    ({ root }) => !isRootMissing(root),
  );
  if (isBack) return planSession(context, session, rules, fetch, hashes);
  return refuse(session, rules.allowEmpty, planned, await likelyTypo(context, session, planned));
}

/** Throws what prune ends with, where pruning is refused. */
export function requireAllowed({ plan }: SessionPlan): void {
  if (plan.refusal) throw plan.refusal.error;
}

/** The plan for each wish, of things that are looked at now, once. */
export async function planWishes(
  context: Context,
  session: Session,
  rules: PruneRules,
): Promise<(fetch: Wanted) => SessionPlan> {
  const ground = await groundOf(context, session, rules);
  // Whoever wants nothing may have all of them removed that anybody may.
  const planned = planOver(session, rules, { wanted: [], refetch: false }, ground);
  // An empty list just leaves the pruning out.
  const typo = await likelyTypo(context, session, planned);
  if (typo) throw typo;
  const most = planned.plan;
  const users = new Map(most.inUse.map((model) => [model.name, model.users]));
  return (fetch) =>
    refuse(session, rules.allowEmpty, planOver(session, rules, fetch, { ...ground, usersOf: () => users }));
}

/**
 * The plan of `sync`, for commands that only show it: what cannot be told is left out with a notice. What prune refuses is
 * refused here too.
 */
export async function planToShow(context: Context, session: Listing): Promise<SessionPlan> {
  const actual = await session.modelsDir.scan();
  const usersOf = lookForUsers(session);
  const fetch = { wanted: session.active.map(({ name }) => name), refetch: false };
  const rules: PruneRules = { prune: true, unmanaged: false, allowEmpty: false, inUse: false };
  let planned: SessionPlan;
  try {
    const ground = { actual, usersOf, others: await readOthers(context, session) };
    planned = planOver(session, rules, fetch, ground);
    const known = namesError(session.registry) ?? (await likelyTypo(context, session, planned));
    planned = refuse(session, rules.allowEmpty, planned, known);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.reporter.notice(asWarning(error));
    const ground = { actual, usersOf, others: NOBODY };
    planned = refuse(session, rules.allowEmpty, planOver(session, { ...rules, prune: false }, fetch, ground), error);
  }
  if (planned.plan.fetch.length === 0) return planned;
  return { ...planned, plan: lookElsewhere(context, session, planned.plan) };
}

async function groundOf(context: Context, session: Session, { roots }: PruneRules): Promise<PlanInputs> {
  requireModelNames(session.registry);
  const others = await readOthers(context, session, roots);
  // Last: reading the others may take its time, and files may be replaced in it.
  return { actual: await session.modelsDir.scan(), others, usersOf: lookForUsers(session) };
}

function lookForUsers({ modelsDir }: Listing): PlanInputs['usersOf'] {
  return (names) => findUsers([modelsDir.path], names);
}

function planOver(
  { active, catalogue }: Listing,
  { prune, unmanaged, inUse }: PruneRules,
  fetch: Wanted,
  { actual, others, usersOf }: PlanInputs,
): SessionPlan {
  const desired: Desired = {
    ...fetch,
    active: active.map(({ name }) => name),
    elsewhere: listedElsewhere(others),
    prune,
    unmanaged,
    users: new Map(),
  };
  const plan = makePlan(desired, actual, catalogue);
  const going = [...plan.prune, ...plan.unverified].map(({ name }) => name);
  // Looking at all processes takes its time, so nobody does who has nothing to remove.
  const users = inUse || going.length === 0 ? desired.users : usersOf(going);
  return {
    plan: users.size > 0 ? makePlan({ ...desired, users }, actual, catalogue) : plan,
    actual,
    ...others,
    damaged: [...others.damaged, ...actual.damaged],
  };
}

/** Says which entries of the list, and which notes of the program, are probably mistakes. */
export function warnOfMistakes({ reporter }: Context, session: Session, { actual, damaged }: SessionPlan): void {
  const onDisk = new Set(actual.files.map(({ name }) => name));
  for (const sentence of lintNames(session.registry, session.catalogue, onDisk)) reporter.notice(sentence);
  for (const path of damaged) reporter.notice(unreadableStateFile(path, kindOf(path)));
}

function kindOf(note: string): Parameters<typeof unreadableStateFile>[1] {
  if (note.includes('/roots/')) return 'root';
  return note.includes('/partial/') ? 'partial' : 'record';
}

/** The plan where what can probably be adopted is not fetched; nothing is opened. */
export function lookElsewhere({ host }: Context, { modelsDir }: Pick<Session, 'modelsDir'>, plan: Plan): Plan {
  return planAdoptions(plan, findCandidates(pinnedEntries(plan.fetch), host, modelsDir.path));
}
