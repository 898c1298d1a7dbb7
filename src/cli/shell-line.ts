import { fileName, shortName } from '../core/models/name.ts';
import { shellValue } from '../core/shell-value.ts';
import type { ParsedOptions } from './args.ts';

/** How a shell gets at a model, fit for pasting: with the options that say which list and which folder are meant. */
export function shellLine(program: string, model: string, options: ParsedOptions): string {
  // Where another program is called whisper, this one was called by its other name.
  const name = program === 'whisper-manager' ? program : 'whisper';
  const given = (['file', 'models-dir', 'attr'] as const).flatMap((option) => {
    const value = options[option];
    return typeof value === 'string' ? [`--${option}=${shellValue(value)}`] : [];
  });
  const words = [name, 'env', ...given, ...(options['no-eval'] === true ? ['--no-eval'] : [])];
  // What is only set is not for the programs that a shell starts.
  return `For your shell: set -a; eval "$(${[...words, shortName(fileName(model) ?? model)].join(' ')})"; set +a`;
}
