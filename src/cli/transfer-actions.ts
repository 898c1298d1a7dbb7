import { download, type ReconcileResult, sync } from '../commands/reconcile.ts';
import { displayFor, type Display } from '../adapters/terminal/display.ts';
import type { Action, Outcome } from './outcome.ts';
import type { ParsedOptions } from '../commands/options.ts';
import { renderReconcile } from './render/change.ts';
import { driftCode, transferOptions } from '../commands/option-values.ts';
import { envLine } from './render/env-line.ts';

export const downloadAction: Action = async (context, { options, operands }, style) => {
  const result = await download(context, {
    ...transferOptions(options),
    models: operands,
    prune: options['no-prune'] !== true,
    register: options['no-register'] !== true,
    refetch: options.force === true,
    allowEmpty: false,
    unmanaged: false,
  });
  const outcome = outcomeOf(result, options, displayFor(context.host, style));
  if (options.quiet === true || result.dryRun) return outcome;
  return { ...outcome, text: outcome.text + envLine(context.host.program, operands, options) };
};

export const syncAction: Action = async (context, { options }, style) => {
  const result = await sync(context, {
    ...transferOptions(options),
    prune: true,
    refetch: false,
    allowEmpty: options['allow-empty'] === true,
    unmanaged: options.unmanaged === true,
  });
  return outcomeOf(result, options, displayFor(context.host, style));
};

function outcomeOf(result: ReconcileResult, options: ParsedOptions, display: Display): Outcome {
  const { plan, ...rest } = result;
  const downloaded = rest.downloaded.map(({ name, path, size, sha256, seconds, received }) => {
    return { name, path, size, sha256, seconds, received };
  });
  const json = { ...rest, downloaded, adopted: rest.adopted.map(({ name }) => name) };
  return {
    json,
    text: renderReconcile(result, display, options.quiet === true),
    exitCode: driftCode(options, plan, json.registered.length),
  };
}
