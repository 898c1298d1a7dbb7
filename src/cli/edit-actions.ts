import { add, remove, type EditResult } from '../commands/edit-list.ts';
import { EXIT } from '../core/errors.ts';
import { displayFor } from '../adapters/terminal/display.ts';
import type { Action } from './outcome.ts';
import { renderEdit } from './render/change.ts';
import { commonOptions } from '../commands/option-values.ts';

export const addAction: Action = async (context, { options, operands }, style) => {
  const result = await add(context, {
    ...commonOptions(options),
    models: operands,
    anyString: options['any-string'] === true,
  });
  return {
    json: editJson(result, 'added', 'present'),
    text: renderEdit(result, displayFor(context.host, style), options.quiet === true),
    exitCode: EXIT.done,
  };
};

export const removeAction: Action = async (context, { options, operands }, style) => {
  const settings = { ...commonOptions(options), models: operands, anyString: options['any-string'] === true };
  const result = await remove(context, { ...settings, delete: options.delete === true });
  return {
    json: editJson(result, 'removed', 'absent'),
    text: renderEdit(result, displayFor(context.host, style), options.quiet === true),
    exitCode: EXIT.done,
  };
};

function editJson({ file, entries }: EditResult, changed: string, unchanged: string): unknown {
  const names = (isChanged: boolean): readonly string[] =>
    entries.filter(({ how }) => (how !== 'present' && how !== 'absent') === isChanged).map(({ name }) => name);
  return { file, [changed]: names(true), [unchanged]: names(false) };
}
