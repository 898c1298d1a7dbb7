import { EXIT } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions, connectionsOption, limitRateOption, waitOption } from '../option-values.ts';
import type { Inspected } from './repair.ts';
import { renderVerify } from './text.ts';
import { verify } from './verify.ts';

export const run: Run = async (context, { options, operands }) => {
  const isRepair = options.repair === true;
  const { models, repaired } = await verify(context, {
    ...commonOptions(options),
    ...limitRateOption(options),
    ...connectionsOption(options),
    models: operands,
    repair: isRepair,
    wait: waitOption(options),
  });
  const rows = models.map(({ name, status, expected, actual }) => ({ name, status, expected, actual }));
  return {
    json: isRepair ? { models: rows, repaired } : { models: rows },
    text: renderVerify({ models, repaired }, context.display, options.quiet === true),
    exitCode: models.every(isFine) ? EXIT.done : EXIT.integrity,
  };
};

/** Nothing speaks against it: its bytes are right, or nothing pins them. */
function isFine({ status, isChanging }: Inspected): boolean {
  return (status === 'ok' || status === 'unknown') && !isChanging;
}
