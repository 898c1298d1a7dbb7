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

/** How many things a plan would do. */
export function stepsOf(plan: Plan): number {
  const { prune, stalePartials, expired, restore, adopt, fetch } = plan;
  return [prune, stalePartials, expired, restore, adopt, fetch].reduce((sum, { length }) => sum + length, 0);
}
