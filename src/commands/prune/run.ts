import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { shortName } from '../../core/catalogue/names.ts';
import { formatBytes } from '../../core/quantity.ts';
import { type Applied, apply } from '../apply/apply.ts';
import type { Run } from '../definition.ts';
import { checkExitCode, commonOptions, driftCode, forgetRootOption, secondsOption } from '../option-values.ts';
import { planLines, prunedLines, restoredLines } from '../plan/text.ts';
import { type Goal, planFor, warnOfMistakes } from '../plan/plan.ts';
import { warnOfOverride } from '../session/override.ts';
import { rootsToForget } from '../session/root-notes.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { openSession } from '../session/session.ts';

export const run: Run = async (context, { options }) => {
  checkExitCode(options);
  const result = await prune(context, {
    ...commonOptions(options),
    dryRun: options['dry-run'] === true,
    allowEmpty: options['allow-empty'] === true,
    unmanaged: options.unmanaged === true,
    inUse: options.force === true,
    wait: secondsOption(options, 'wait'),
    forgetRoot: forgetRootOption(options),
    isTrigger: options.quiet === true,
  });
  const { dryRun, plan } = result;
  const json = {
    dryRun,
    removed: plan.prune,
    kept: [...plan.kept, ...plan.inUse.map(({ name }) => name)].toSorted(),
    unmanaged: plan.unmanaged,
    freed: plan.freed,
  };
  return {
    json,
    text: renderPrune(result, context.display, options.quiet === true),
    exitCode: driftCode(options, plan, 0),
  };
};

function renderPrune({ dryRun, plan }: Applied, display: Display, quiet: boolean): string {
  const { style } = display;
  const lines = prunedLines(plan.prune, dryRun, style);
  lines.push(...restoredLines(plan, dryRun));
  if (!quiet) {
    for (const { name, size, reason } of plan.unmanaged)
      lines.push(`kept ${shortName(name)} (${formatBytes(size)}), unmanaged: ${reason}`);
    if (plan.prune.length === 0 && plan.freed === 0) lines.push('Nothing to prune');
    if (dryRun) lines.push(...planLines(plan, display));
  }
  if (plan.freed > 0 && !dryRun) lines.push(`Freed ${formatBytes(plan.freed)}`);
  return hangingText(lines, display.columns);
}

interface PruneOptions extends CommonOptions {
  readonly dryRun: boolean;
  readonly allowEmpty: boolean;
  readonly unmanaged: boolean;
  readonly inUse: boolean;
  /** Milliseconds to wait for the lock. */
  readonly wait: number;
  readonly forgetRoot: string | undefined;
  /** Whether an editor runs it on each save: usually there is nothing to do, which is found before anything is locked. */
  readonly isTrigger: boolean;
}

async function prune(context: Context, options: PruneOptions): Promise<Applied> {
  const { unmanaged, allowEmpty, inUse, dryRun, forgetRoot, wait } = options;
  const session = await openSession(context, options);
  warnOfOverride(context, options, session);
  const forgotten = forgetRoot === undefined ? undefined : await rootsToForget(context, session, forgetRoot);
  const roots = { mayNote: !dryRun, ...(forgotten && { forgotten }) };
  const rules = { prune: true, unmanaged, allowEmpty, inUse, roots };
  const load: Goal['load'] = async () => openSession(context, options);
  const goal: Goal = { load, refetch: false, register: false, onEmptyList: 'refuse', rules };
  // A refusal must not leave even an empty folder behind.
  const plansFirst = dryRun || options.isTrigger || !session.modelsDir.hasNotes();
  const first = plansFirst ? await planFor(context, goal, session) : undefined;
  if (first) warnOfMistakes(context, session, first);
  return apply(context, goal, { dryRun, wait }, session, first);
}
