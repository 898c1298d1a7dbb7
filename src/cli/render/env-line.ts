import { fileName, shortName } from '../../core/catalogue/names.ts';
import { isForVoiceActivity } from '../../core/catalogue/size-class.ts';
import { shellValue } from '../../core/shell-value.ts';
import type { ParsedOptions } from '../../commands/options.ts';

/**
 * The command that prints the variables for the first of some models that transcribes, with the options that say which list and
 * which folder are meant. Empty where there is none. It is not evaluated in a shell, where it would outlast the project.
 */
export function envLine(program: string, models: readonly string[], options: ParsedOptions): string {
  const model = models.map((each) => shortName(fileName(each) ?? each)).find((each) => !isForVoiceActivity(each));
  if (model === undefined) return '';
  // Where another program is called whisper, this one was called by its other name.
  const name = program === 'whisper-manager' ? program : 'whisper';
  const given = (['file', 'models-dir', 'attr'] as const).flatMap((option) => {
    const value = options[option];
    return typeof value === 'string' ? [`--${option}=${shellValue(value)}`] : [];
  });
  const words = [name, 'env', ...given, ...(options['no-eval'] === true ? ['--no-eval'] : [])];
  return `To write a .env file, run ${[...words, model].join(' ')} > .env\n`;
}
