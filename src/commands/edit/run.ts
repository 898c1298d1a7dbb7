import { hangingText } from '../../adapters/terminal/cells.ts';
import type { Display } from '../../adapters/terminal/display.ts';
import { printable, shortName } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import { count } from '../../core/quantity.ts';
import type { Outcome, Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import type { ParsedOptions } from '../options.ts';
import { add, type EditOptions, type EditResult, remove } from './edit-list.ts';

export const runAdd: Run = async (context, { options, operands }) => {
  const result = await add(context, editOptions(options, operands));
  return outcomeOf(result, ['added', 'present'], context.display, options);
};

export const runRemove: Run = async (context, { options, operands }) => {
  const result = await remove(context, { ...editOptions(options, operands), delete: options.delete === true });
  return outcomeOf(result, ['removed', 'absent'], context.display, options);
};

function editOptions(options: ParsedOptions, models: readonly string[]): EditOptions {
  return { ...commonOptions(options), models, anyString: options['any-string'] === true };
}

function outcomeOf(
  result: EditResult,
  [changed, unchanged]: readonly [string, string],
  display: Display,
  options: ParsedOptions,
): Outcome {
  const names = (wanted: boolean): readonly string[] =>
    result.entries.filter((entry) => isChange(entry) === wanted).map(({ name }) => name);
  return {
    json: { file: result.file, [changed]: names(true), [unchanged]: names(false) },
    text: renderEdit(result, display, options.quiet === true),
    exitCode: EXIT.done,
  };
}

function isChange({ how }: EditResult['entries'][number]): boolean {
  return how !== 'present' && how !== 'absent';
}

function renderEdit({ file, entries, left }: EditResult, display: Display, quiet: boolean): string {
  const { style } = display;
  const sentences = {
    present: 'is already active',
    uncommented: 'is active again',
    appended: 'is now active',
    removed: 'is no longer active',
    absent: 'was not active',
  } as const;
  const changed = entries.filter(isChange);
  const shown = quiet ? [] : entries;
  const lines = shown.map(({ name, how }) => `${printable(shortName(name))} ${sentences[how]}`);
  if (!quiet && changed.length > 0)
    lines.push(
      style('dim', `${display.path(file)}: ${count(changed.length, 'entry').replace('entrys', 'entries')} changed`),
    );
  if (!quiet && left.length > 0) {
    const names = left.map(shortName).join(', ');
    lines.push(`still on disk: ${names}; run whisper prune to remove models that no registry lists`);
  }
  return hangingText(lines, display.columns);
}
