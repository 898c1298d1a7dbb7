import { findCandidates } from '../adapters/candidates.ts';
import { pinnedEntries, planAdoptions } from '../core/models/adoption.ts';
import type { Plan } from '../core/models/plan.ts';
import type { Context, Session } from './session.ts';

/** The plan where what can probably be adopted is not fetched; nothing is opened. */
export function lookElsewhere({ host }: Context, { modelsDir }: Pick<Session, 'modelsDir'>, plan: Plan): Plan {
  return planAdoptions(plan, findCandidates(pinnedEntries(plan.fetch), host, modelsDir.path));
}
