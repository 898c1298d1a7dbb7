import type { Plan } from './plan.ts';

/** Bytes that a plan takes at its worst, and that are free on the disk after it: files go first, then others come. */
export function diskOf({ used, needed, freed, replaced, free }: Plan): {
  readonly peak: number;
  readonly left: number;
} {
  return { peak: Math.max(used, used - freed + needed), left: free + freed - needed + replaced };
}

/** How many things a plan would do. */
export function stepsOf(plan: Plan): number {
  const { prune, companions, stalePartials, expired, restore, adopt, fetch } = plan;
  return [prune, companions, stalePartials, expired, restore, adopt, fetch].reduce(
    (sum, { length }) => sum + length,
    0,
  );
}
