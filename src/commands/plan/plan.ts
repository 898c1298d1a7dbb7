import { findCandidates } from '../../adapters/store/local-copies.ts';
import { isRootMissing } from '../../adapters/store/roots.ts';
import { findUsers } from '../../adapters/store/users.ts';
import { WhisperError } from '../../core/errors.ts';
import { asWarning, unreadableStateFile } from '../../core/messages/notices.ts';
import { pinnedEntries, planAdoptions, makePlan } from '../../core/plan/make-plan.ts';
import { withHashes } from '../../core/plan/managed.ts';
import type { Actual, Desired, Plan } from '../../core/plan/plan.ts';
import { lintNames, requireModelNames } from '../../core/registry/lint.ts';
import type { HashedFile } from '../../core/state/record.ts';
import { listedElsewhere, type Others, readOthers, type ReadOthersOptions } from '../session/roots.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import { likelyTypo, type Listing, namesError, refuse } from './refuse-prune.ts';

export interface Goal {
  /** Reads the registry again: what was true before the lock need not be true under it. */
  readonly load: () => Promise<Session>;
  /** The file names of the models that are to be on the disk; without it, the goal is to prune alone. */
  readonly wanted?: (session: Session) => readonly string[];
  readonly refetch: Desired['refetch'];
  readonly register: boolean;
  /** An empty list is an error, or only disables pruning. */
  readonly onEmptyList: 'refuse' | 'keep';
  readonly rules: PruneRules;
}

export interface PruneRules {
  readonly prune: boolean;
  readonly unmanaged: boolean;
  readonly allowEmpty: boolean;
  /** Also models that a process uses. */
  readonly inUse: boolean;
  /** How the other registries are read and noted; without it, they are read only for pruning, and not noted. */
  readonly roots?: ReadOthersOptions;
}

export interface Planned extends Pick<Others, 'lists' | 'missing' | 'gone'> {
  readonly plan: Plan;
  readonly actual: Actual;
  /** Paths of state files that cannot be read: they count as absent. */
  readonly damaged: readonly string[];
}

export interface GoalPlan extends Planned {
  readonly session: Session;
  readonly wanted: readonly string[];
  readonly toRegister: readonly string[];
}

interface PlanInputs {
  readonly actual: Actual;
  /** `undefined`: they were not read, because nothing is removed. */
  readonly others: Others | undefined;
  readonly usersOf: (names: readonly string[]) => Desired['users'];
}

type Wanted = Pick<Desired, 'wanted' | 'refetch'>;

const NO_ROOTS: Others = { lists: [], missing: [], gone: [], damaged: [] };

/** Plans what is to be done for a goal. `hashes`: of files unverified before. Throws the error that refuses pruning. */
export async function planFor(
  context: Context,
  goal: Goal,
  session: Session,
  hashes: ReadonlyMap<string, HashedFile> = new Map(),
): Promise<GoalPlan> {
  const { rules, refetch, register, onEmptyList } = goal;
  const wanted = goal.wanted?.(session) ?? [];
  const planned = await planSession(context, session, rules, { wanted, refetch }, hashes);
  const { refusal } = planned.plan;
  if (refusal && (onEmptyList === 'refuse' || refusal.error.code !== 'registry-empty')) throw refusal.error;
  const plan = refetch === false ? withLocalCopies(context, session, planned.plan) : planned.plan;
  const active = new Set(session.active.map(({ name }) => name));
  // A model whose source is missing is written too, although its line is there.
  const undeclared = new Set(session.declared.map(({ file }) => file));
  const toRegister = register ? wanted.filter((name) => !active.has(name) || undeclared.has(name)) : [];
  return { ...planned, plan, session, wanted, toRegister };
}

async function planSession(
  context: Context,
  session: Session,
  rules: PruneRules,
  fetch: Wanted,
  hashes: ReadonlyMap<string, HashedFile>,
): Promise<Planned> {
  const inputs = await inputsOf(context, session, rules);
  const planned = planOver(session, rules, fetch, { ...inputs, actual: withHashes(inputs.actual, hashes) });
  // A root that is back by now may list more than it did.
  const isBack = [...planned.missing, ...planned.gone.filter(({ why }) => why === 'missing')].some(
    ({ root }) => !isRootMissing(root),
  );
  if (isBack) return planSession(context, session, rules, fetch, hashes);
  return refuse(session, rules.allowEmpty, planned, await likelyTypo(context, session, planned));
}

/** The plan for each choice of models; everything that it depends on is read now, once. */
export async function planChoices(
  context: Context,
  session: Session,
  rules: PruneRules,
): Promise<(fetch: Wanted) => Planned> {
  const inputs = await inputsOf(context, session, rules);
  // A download of nothing prunes the most.
  const most = planOver(session, rules, { wanted: [], refetch: false }, inputs);
  // An empty list only disables pruning.
  const typo = await likelyTypo(context, session, most);
  if (typo) throw typo;
  const users = new Map(most.plan.inUse.map((model) => [model.name, model.users]));
  return (fetch) =>
    refuse(session, rules.allowEmpty, planOver(session, rules, fetch, { ...inputs, usersOf: () => users }));
}

/** The plan of `sync`, for commands that only show it: what prevents pruning becomes a notice and the plan's refusal. */
export async function planToShow(context: Context, session: Listing): Promise<Planned> {
  const actual = await session.modelsDir.scan();
  const usersOf = usersIn(session);
  const fetch = { wanted: session.active.map(({ name }) => name), refetch: false };
  const rules: PruneRules = { prune: true, unmanaged: false, allowEmpty: false, inUse: false };
  let planned: Planned;
  try {
    planned = planOver(session, rules, fetch, { actual, usersOf, others: await readOthers(context, session) });
    const known = namesError(session.registry) ?? (await likelyTypo(context, session, planned));
    planned = refuse(session, rules.allowEmpty, planned, known);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    context.reporter.notice(asWarning(error));
    const inputs = { actual, usersOf, others: NO_ROOTS };
    planned = refuse(session, rules.allowEmpty, planOver(session, { ...rules, prune: false }, fetch, inputs), error);
  }
  if (planned.plan.fetch.length === 0) return planned;
  return { ...planned, plan: withLocalCopies(context, session, planned.plan) };
}

async function inputsOf(context: Context, session: Session, { prune, roots }: PruneRules): Promise<PlanInputs> {
  let others: Others | undefined;
  if (prune || roots) {
    requireModelNames(session.registry);
    others = await readOthers(context, session, roots);
  }
  // Last: reading the others takes time, in which files may be replaced.
  return { actual: await session.modelsDir.scan(), others, usersOf: usersIn(session) };
}

function usersIn({ modelsDir }: Listing): PlanInputs['usersOf'] {
  return (names) => findUsers([modelsDir.path], names);
}

function planOver(
  { active, catalogue }: Listing,
  { prune, unmanaged, inUse }: PruneRules,
  fetch: Wanted,
  { actual, others, usersOf }: PlanInputs,
): Planned {
  const desired: Desired = {
    ...fetch,
    active: active.map(({ name }) => name),
    elsewhere: others && listedElsewhere(others),
    prune,
    unmanaged,
    users: new Map(),
  };
  const plan = makePlan(desired, actual, catalogue);
  const going = [...plan.prune, ...plan.unverified].map(({ name }) => name);
  // Searching all processes takes milliseconds: only where there is something to remove.
  const users = inUse || going.length === 0 ? desired.users : usersOf(going);
  return {
    plan: users.size > 0 ? makePlan({ ...desired, users }, actual, catalogue) : plan,
    actual,
    ...(others ?? NO_ROOTS),
    damaged: [...(others?.damaged ?? []), ...actual.damaged],
  };
}

/** Warns of entries of the list that are probably mistakes, and of state files that cannot be read. */
export function warnOfMistakes({ reporter }: Context, session: Session, { actual, damaged }: Planned): void {
  const onDisk = new Set(actual.files.map(({ name }) => name));
  for (const sentence of lintNames(session.registry, session.catalogue, onDisk)) reporter.notice(sentence);
  for (const path of damaged) reporter.notice(unreadableStateFile(path, kindOf(path)));
}

function kindOf(path: string): Parameters<typeof unreadableStateFile>[1] {
  if (path.includes('/roots/')) return 'root';
  return path.includes('/partial/') ? 'partial' : 'record';
}

/** The plan that adopts what is probably on this machine already; no file is opened. */
function withLocalCopies({ host }: Context, { modelsDir }: Pick<Session, 'modelsDir'>, plan: Plan): Plan {
  if (plan.fetch.length === 0) return plan;
  return planAdoptions(plan, findCandidates(pinnedEntries(plan.fetch), host, modelsDir.path));
}
