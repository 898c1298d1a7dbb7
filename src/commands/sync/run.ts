import type { Run } from '../definition.ts';
import { outcomeOf } from '../download/outcome.ts';
import { sync } from '../download/reconcile.ts';
import { transferOptions } from '../option-values.ts';

export const run: Run = async (context, { options }) => {
  const result = await sync(context, {
    ...transferOptions(options),
    prune: true,
    refetch: false,
    allowEmpty: options['allow-empty'] === true,
    unmanaged: options.unmanaged === true,
  });
  return outcomeOf(result, options, context.display);
};
