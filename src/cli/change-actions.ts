import { add, remove, type EditResult } from '../commands/edit-list.ts';
import { prune } from '../commands/prune.ts';
import { EXIT } from '../core/errors.ts';
import { displayFor } from './display.ts';
import type { Action } from './outcome.ts';
import { renderEdit, renderPrune } from './render-change.ts';
import { checkExitCode, commonOptions, driftCode, waitOption } from './settings.ts';

export const pruneAction: Action = async (context, { options }, style) => {
  checkExitCode(options);
  const result = await prune(context, {
    ...commonOptions(options),
    dryRun: options['dry-run'] === true,
    allowEmpty: options['allow-empty'] === true,
    unmanaged: options.unmanaged === true,
    inUse: options.force === true,
    wait: waitOption(options),
    isTrigger: options.quiet === true,
  });
  const { dryRun, plan } = result;
  const json = {
    dryRun,
    removed: [...plan.prune, ...plan.companions],
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

export const addAction: Action = async (context, { options, operands }, style) => {
  const result = await add(context, {
    ...commonOptions(options),
    models: operands,
    anyString: options['any-string'] === true,
  });
  return {
    json: editJson(result, 'added', 'present'),
    text: renderEdit(result, displayFor(context.host, style), options.quiet === true),
    exitCode: EXIT.done,
  };
};

export const removeAction: Action = async (context, { options, operands }, style) => {
  const settings = { ...commonOptions(options), models: operands, anyString: options['any-string'] === true };
  const result = await remove(context, { ...settings, delete: options.delete === true });
  return {
    json: editJson(result, 'removed', 'absent'),
    text: renderEdit(result, displayFor(context.host, style), options.quiet === true),
    exitCode: EXIT.done,
  };
};

function editJson({ file, entries }: EditResult, changed: string, unchanged: string): unknown {
  const names = (isChanged: boolean): readonly string[] =>
    entries.filter(({ how }) => (how !== 'present' && how !== 'absent') === isChanged).map(({ name }) => name);
  return { file, [changed]: names(true), [unchanged]: names(false) };
}
