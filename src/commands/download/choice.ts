import { readCommented } from '../../adapters/registry/evaluated.ts';
import { findCandidates } from '../../adapters/store/local-copies.ts';
import { menuOrder } from '../../core/catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { pinnedEntries, planAdoptions } from '../../core/plan/make-plan.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { planChoices, type PruneRules } from '../plan/plan.ts';
import { warnOfOverride } from '../session/override.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession } from '../session/session.ts';

export interface Offer {
  readonly entry: CatalogueEntry;
  readonly isActive: boolean;
  readonly isOnDisk: boolean;
  readonly isCommented: boolean;
}

/** The models to choose from, in the order of the menu, and the plan for any of them. */
export interface Choice {
  readonly offers: readonly Offer[];
  /** Pure: everything was read before. */
  readonly planFor: (names: readonly string[]) => Plan;
}

/** Lets the user choose models and returns their file names; `undefined`: the user cancelled. Throws `usage` at the end of input. */
export type ChooseModels = (choice: Choice, settings: ChooserSettings) => Promise<readonly string[] | undefined>;

export interface ChooserSettings {
  readonly isPruning: boolean;
  readonly isDryRun: boolean;
  readonly isQuiet: boolean;
}

/** Reads the registry, the folder and the other registries once, for the picker or the menu. */
export async function openChoice(
  context: Context,
  options: CommonOptions & { readonly prune: boolean; readonly refetch: boolean },
): Promise<Choice> {
  const session = await openSession(context, options);
  warnOfOverride(context, options, session);
  const { registry, active, nameOf, modelsDir, catalogue } = session;
  const rules: PruneRules = { prune: options.prune, unmanaged: false, allowEmpty: false, inUse: false, roots: {} };
  const planChoice = await planChoices(context, session, rules);
  const { refetch } = options;
  const { actual, plan } = planChoice({ wanted: [...catalogue.keys()], refetch });
  const missing = refetch ? [] : pinnedEntries(plan.fetch);
  const candidates = findCandidates(missing, context.host, modelsDir.path);
  const listed = new Set(active.map(({ name }) => name));
  const onDisk = new Set(actual.files.map(({ name }) => name));
  const commented = new Set(readCommented(session.read, registry.text).map(nameOf));
  const offers = menuOrder(catalogue).map((entry) => ({
    entry,
    isActive: listed.has(entry.file),
    isOnDisk: onDisk.has(entry.file),
    isCommented: commented.has(entry.file),
  }));
  return { offers, planFor: (names) => planAdoptions(planChoice({ wanted: names, refetch }).plan, candidates) };
}
