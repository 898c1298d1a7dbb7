import type { Plan } from './plan.ts';

/** Bytes that a plan takes at its worst, and that are free on the disk after it: files go first, then others come. */
export function diskOf({ used, needed, freed, replaced, free }: Plan): {
  readonly peak: number;
  readonly left: number;
} {
  return { peak: Math.max(used, used - freed + needed), left: free + freed - needed + replaced };
}

/** Bytes that are missing for what is to be written, when all that can give way has; 0: it fits. */
export function shortfallOf({ needed, free, freed, reserve }: Plan): number {
  const undone = reserve.reduce((sum, { size }) => sum + size, 0);
  return Math.max(0, needed - free - freed - undone);
}

/** A plan that removes one thing of another one, the cheapest to have again; `undefined`: there is nothing to remove. */
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
  if (before.length === 0) return plan;
  const freed = before.reduce((sum, step) => sum + step.freed, plan.freed);
  const all = (kind: 'prune' | 'stalePartials' | 'expired'): Plan['prune'] => [
    ...before.flatMap((step) => step[kind]),
    ...plan[kind],
  ];
  return { ...plan, prune: all('prune'), stalePartials: all('stalePartials'), expired: all('expired'), freed };
}

/** How many things a plan would do. */
export function stepsOf(plan: Plan): number {
  const { prune, stalePartials, expired, restore, adopt, fetch } = plan;
  return [prune, stalePartials, expired, restore, adopt, fetch].reduce((sum, { length }) => sum + length, 0);
}
