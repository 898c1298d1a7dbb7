import { verify } from '../commands/verify.ts';
import { EXIT } from '../core/errors.ts';
import type { Action } from './outcome.ts';
import { renderVerify } from './render-verify.ts';
import { commonOptions, connectionsOption, limitRateOption, waitOption } from './settings.ts';

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
    text: renderVerify({ models, repaired }, style, options.quiet === true),
    exitCode: rows.every(({ status }) => status === 'ok' || status === 'unknown') ? EXIT.done : EXIT.integrity,
  };
};
