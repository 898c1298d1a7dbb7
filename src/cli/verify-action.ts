import { verify } from '../commands/verify.ts';
import type { Inspected } from '../commands/repair.ts';
import { EXIT } from '../core/errors.ts';
import type { Action } from './outcome.ts';
import { displayFor } from '../adapters/terminal/display.ts';
import { renderVerify } from './render/verify.ts';
import { commonOptions, connectionsOption, limitRateOption, waitOption } from '../commands/option-values.ts';

export const verifyAction: Action = async (context, { options, operands }, style) => {
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
    text: renderVerify({ models, repaired }, displayFor(context.host, style), options.quiet === true),
    exitCode: models.every(isFine) ? EXIT.done : EXIT.integrity,
  };
};

/** Nothing speaks against it: its bytes are right, or nothing pins them. */
function isFine({ status, isChanging }: Inspected): boolean {
  return (status === 'ok' || status === 'unknown') && !isChanging;
}
