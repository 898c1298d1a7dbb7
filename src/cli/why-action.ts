import { why } from '../commands/why.ts';
import { EXIT } from '../core/errors.ts';
import { displayFor } from '../adapters/terminal/display.ts';
import type { Action } from './outcome.ts';
import { renderWhy } from './render/why.ts';
import { commonOptions } from '../commands/option-values.ts';

export const whyAction: Action = async (context, { options, operands }, style) => {
  const result = await why(context, { ...commonOptions(options), model: operands[0] ?? '' });
  return { json: result, text: renderWhy(result, displayFor(context.host, style)), exitCode: EXIT.done };
};
