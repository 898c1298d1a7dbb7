import { EXIT } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { list } from './list.ts';
import { renderList } from './text.ts';

export const run: Run = async (context, { options }) => {
  const result = await list(context, { ...commonOptions(options), all: options.all === true });
  const { registry, modelsDir, models, disk } = result;
  // Reading headers takes longer than everything else.
  const details =
    options.verbose === true ? await (await import('./details.ts')).listDetails(context, result) : undefined;
  return {
    json: { registry, modelsDir, models, disk },
    text: renderList(result, context.display, details),
    exitCode: EXIT.done,
  };
};
