import { realpathSync } from 'node:fs';
import { openRegistry } from '../adapters/open-registry.ts';
import { WhisperError } from '../core/errors.ts';
import { makePlan, type Actual, type Desired, type Plan } from '../core/models/plan.ts';
import { lintNames, requireModelNames } from '../core/registry/lint.ts';
import { rootName, type Context, type Session } from './session.ts';

/** What prune may do, as the options say. */
export interface PruneRules {
  readonly prune: boolean;
  readonly unmanaged: boolean;
  readonly allowEmpty: boolean;
}

/** A plan, and the other registries that turned out to be gone. */
export interface SessionPlan {
  readonly plan: Plan;
  readonly goneRoots: readonly string[];
}

/** The plan for a session: what it lists and wants, against what is there and what other registries list. */
export async function planSession(
  session: Session,
  rules: PruneRules,
  fetch: Pick<Desired, 'wanted' | 'refetch'>,
): Promise<SessionPlan> {
  requireModelNames(session.registry);
  const actual = session.modelsDir.scan();
  const { names, gone } = await othersLists(session);
  const active = session.active.map(({ name }) => name);
  const desired = { ...fetch, active, elsewhere: names, prune: rules.prune, unmanaged: rules.unmanaged };
  return { plan: makePlan(desired, actual, session.catalogue), goneRoots: gone };
}

/** The names that other registries with the same models directory list. One that cannot be read stops everything. */
export async function othersLists(
  session: Pick<Session, 'registry' | 'open' | 'modelsDir'>,
): Promise<{ readonly names: readonly string[]; readonly gone: readonly string[] }> {
  const own = rootName(session.registry);
  const names: string[] = [];
  const gone: string[] = [];
  for (const root of session.modelsDir.roots.all()) {
    if (root === own || linkTarget(root) === own) continue;
    try {
      const registry = await openRegistry({ ...session.open, file: root, attr: undefined, wantsModelsDir: false });
      requireModelNames(registry);
      for (const { value } of registry.entries) names.push(value);
    } catch (cause) {
      if (!(cause instanceof WhisperError)) throw cause;
      if (cause.code === 'registry-not-found') gone.push(root);
      else throw unreadableRoot(root, cause);
    }
  }
  return { names, gone };
}

/** The file itself, where the folder that a root was noted in has moved and left a link behind. */
function linkTarget(root: string): string | undefined {
  try {
    return realpathSync(root);
  } catch {
    // It is gone, or cannot be reached: opening it says so.
    return undefined;
  }
}

/** The files that a prune would remove; none where another registry cannot be read, because then it would refuse. */
export async function prunable(
  { talk }: Context,
  session: Omit<Session, 'active'> & { readonly active: readonly string[] },
  actual: Actual,
): Promise<Plan['prune']> {
  try {
    const { names } = await othersLists(session);
    const fetch = { wanted: [], refetch: false };
    const desired = { ...fetch, active: session.active, elsewhere: names, prune: true, unmanaged: false };
    return makePlan(desired, actual, session.catalogue).prune;
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    talk.notice(error.message);
    return [];
  }
}

function unreadableRoot(root: string, cause: WhisperError): WhisperError {
  return new WhisperError(
    'root-unreadable',
    `Another registry uses these models and cannot be read: ${root}: ${cause.message}`,
    'Mend that file, or remove it if it is not used any more; until then nothing is removed.',
    { cause, ...(cause.place && { place: cause.place }), details: { root } },
  );
}

/** Says which entries of the list, and which notes about other registries, are probably mistakes. */
export function warnOfNames({ talk }: Context, session: Session, onDisk: readonly string[]): void {
  for (const sentence of lintNames(session.registry, session.catalogue, new Set(onDisk))) talk.notice(sentence);
  for (const path of session.modelsDir.roots.damaged()) {
    talk.notice(`${path} cannot be read: the registry that it was about does not keep its models`);
  }
}
