import { prune } from '../commands/prune.ts';
import { displayFor } from '../adapters/terminal/display.ts';
import type { Action } from './outcome.ts';
import { renderPrune } from './render/change.ts';
import { checkExitCode, commonOptions, driftCode, forgetRootOption, waitOption } from '../commands/option-values.ts';

export const pruneAction: Action = async (context, { options }, style) => {
  checkExitCode(options);
  const result = await prune(context, {
    ...commonOptions(options),
    dryRun: options['dry-run'] === true,
    allowEmpty: options['allow-empty'] === true,
    unmanaged: options.unmanaged === true,
    inUse: options.force === true,
    wait: waitOption(options),
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
    text: renderPrune(result, displayFor(context.host, style), options.quiet === true),
    exitCode: driftCode(options, plan, 0),
  };
};
