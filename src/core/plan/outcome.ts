import type { WhisperError } from '../errors.ts';
import { totalSize } from '../quantity.ts';
import type { Plan } from './plan.ts';

/** The plan without some removals of models and of unfinished downloads, by their names. */
export function withoutRemovals(plan: Plan, models: ReadonlySet<string>, downloads: ReadonlySet<string>): Plan {
  if (models.size + downloads.size === 0) return plan;
  const prune = plan.prune.filter(({ name }) => !models.has(name));
  const stalePartials = plan.stalePartials.filter(({ name }) => !downloads.has(name));
  return {
    ...plan,
    prune,
    stalePartials,
    freed: totalSize([...prune, ...stalePartials, ...plan.expired]),
  };
}

/** The plan that prunes nothing, for that reason. */
export function refusePruning(plan: Plan, error: WhisperError): Plan {
  const files = [...plan.prune, ...plan.inUse].map(({ name, size }) => ({ name, size }));
  const nothing = { prune: [], unverified: [], inUse: [], stalePartials: [], expired: [], freed: 0 };
  return { ...plan, ...nothing, refusal: { error, files } };
}

/** The plan in which files that could not be hashed stay. */
export function keepUnverified(plan: Plan): Plan {
  if (plan.unverified.length === 0) return plan;
  const kept = plan.unverified.map((file) => ({ ...file, reason: NOT_HASHED }));
  const unmanaged = [...plan.unmanaged, ...kept].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return { ...plan, unverified: [], unmanaged };
}

const NOT_HASHED = 'it could not be hashed: it cannot be read, or it changed during hashing';

/** Two plans that were applied one after the other, as one. The remaining files are those of the second. */
export function joinPlans(first: Plan, second: Plan): Plan {
  return {
    ...second,
    prune: [...first.prune, ...second.prune],
    stalePartials: [...first.stalePartials, ...second.stalePartials],
    expired: [...first.expired, ...second.expired],
    restore: [...first.restore, ...second.restore],
    freed: first.freed + second.freed,
  };
}

/** The most bytes that models take while a plan is applied, and the bytes that are free after it. Removals come first. */
export function diskOf({ used, needed, freed, replaced, free }: Plan): {
  readonly peak: number;
  readonly left: number;
} {
  return { peak: Math.max(used, used - freed + needed), left: free + freed - needed + replaced };
}

/** Bytes of space that are missing even after everything in the trash is freed; 0: it fits. */
export function shortfallOf({ needed, free, freed, reserve }: Plan): number {
  const undone = totalSize(reserve);
  return Math.max(0, needed - free - freed - undone);
}

/** A plan with only one removal of another one, the cheapest to undo; `undefined`: nothing is removed. */
export function firstStep(plan: Plan): Plan | undefined {
  const nothing = { ...plan, restore: [], reserve: [], stalePartials: [], expired: [], prune: [] };
  for (const kind of ['stalePartials', 'expired', 'prune'] as const) {
    const [first] = plan[kind];
    if (first) return { ...nothing, [kind]: [first], freed: first.size };
  }
  return undefined;
}

/** A plan with what was pruned before it. */
export function afterSteps(plan: Plan, before: readonly Plan[]): Plan {
  return before.reduceRight((later, step) => joinPlans(step, later), plan);
}

export function stepsOf(plan: Plan): number {
  const { prune, stalePartials, expired, restore, adopt, fetch } = plan;
  return [prune, stalePartials, expired, restore, adopt, fetch].reduce((sum, { length }) => sum + length, 0);
}
