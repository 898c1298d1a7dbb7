import { list } from '../commands/list.ts';
import { path } from '../commands/path.ts';
import { EXIT } from '../core/errors.ts';
import { notDownloaded } from '../core/messages/notices.ts';
import { displayFor } from '../adapters/terminal/display.ts';
import type { Action } from './outcome.ts';
import { pruneAction } from './prune-action.ts';
import { renderList } from './render/list.ts';
import { commonOptions } from '../commands/option-values.ts';

/**
 * One action a command. What has to be quick is here at once, `list` and the `prune` that editors call; the rest is loaded when it
 * is asked for, because loading is most of the time that a command takes.
 */
export const ACTIONS: Readonly<Record<string, Action>> = {
  list: async (context, { options }, style) => {
    const result = await list(context, { ...commonOptions(options), all: options.all === true });
    const { registry, modelsDir, models, disk } = result;
    // Looked at only when somebody wants to know everything: that takes longer than all the rest.
    const more =
      options.verbose === true
        ? await (await import('../commands/list-details.ts')).listDetails(context, result)
        : undefined;
    return {
      json: { registry, modelsDir, models, disk },
      text: renderList(result, displayFor(context.host, style), more),
      exitCode: EXIT.done,
    };
  },

  path: async (context, { options, operands }) => {
    const result = await path(context, { ...commonOptions(options), model: operands[0] ?? '' });
    if (!result.downloaded) context.reporter.notice(notDownloaded(result.name));
    return { json: result, text: `${result.path}\n`, exitCode: result.downloaded ? EXIT.done : EXIT.disk };
  },

  env: async (...given) => (await import('./env-action.ts')).envAction(...given),
  completions: async (...given) => (await import('./completions-action.ts')).completionsAction(...given),
  check: async (...given) => (await import('./check-actions.ts')).checkAction(...given),
  doctor: async (...given) => (await import('./check-actions.ts')).doctorAction(...given),
  identify: async (...given) => (await import('./identify-action.ts')).identifyAction(...given),
  push: async (...given) => (await import('./push-action.ts')).pushAction(...given),
  lock: async (...given) => (await import('./lock-action.ts')).lockAction(...given),
  init: async (...given) => (await import('./init-action.ts')).initAction(...given),
  hook: async (...given) => (await import('./hook-action.ts')).hookAction(...given),
  verify: async (...given) => (await import('./verify-action.ts')).verifyAction(...given),
  why: async (...given) => (await import('./why-action.ts')).whyAction(...given),
  prune: pruneAction,
  add: async (...given) => (await import('./edit-actions.ts')).addAction(...given),
  remove: async (...given) => (await import('./edit-actions.ts')).removeAction(...given),
  download: async (context, invocation, style) => {
    // Who is to choose sees the models before what transfers them is loaded.
    const isChosen = invocation.operands.length > 0;
    const chosen = isChosen
      ? invocation
      : await (await import('./picker/choose-models.ts')).chooseModels(context, invocation);
    if ('exitCode' in chosen) return chosen;
    return (await import('./transfer-actions.ts')).downloadAction(context, chosen, style);
  },
  watch: async (...given) => (await import('./watch-action.ts')).watchAction(...given),
  sync: async (...given) => (await import('./transfer-actions.ts')).syncAction(...given),
};
