import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const removeCommand: CommandDefinition = {
  name: 'remove',
  summary: 'comment out the lines of models in the list',
  operands: { label: 'MODEL…', least: 1, most: Infinity, kind: 'active' },
  options: ['delete', 'any-string', ...EVALUATING, 'literal'],
  otherNames: ['rm', 'del', 'delete', 'uninstall', 'disable'],
  examples: [
    { line: 'whisper remove base.en-q5_1', says: 'comment its line out' },
    { line: 'whisper remove --delete base.en-q5_1', says: 'delete its line and its source' },
  ],
  load: async () => (await import('../edit/run.ts')).runRemove,
};
