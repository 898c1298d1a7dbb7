import { hook } from '../commands/hook.ts';
import { EXIT } from '../core/errors.ts';
import { printable } from '../core/catalogue/names.ts';
import type { Action } from './outcome.ts';

export const hookAction: Action = async (context, { options, operands }, style) => {
  const result = await hook(context, operands[0] ?? '', options.install === true);
  const { snippet, installed } = result;
  const lines = installed.map((path) => `${style('green', 'installed')} in ${printable(path)}\n`);
  return { json: result, text: options.install === true ? lines.join('') : snippet, exitCode: EXIT.done };
};
