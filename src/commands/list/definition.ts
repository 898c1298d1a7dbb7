import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';
import { run } from './run.ts';

export const listCommand: CommandDefinition = {
  name: 'list',
  summary: 'compare listed and downloaded models, with disk usage',
  options: ['all', ...EVALUATING, 'literal'],
  otherNames: ['ls', 'ps', 'models', ['search', '--all'], ['find', '--all'], ['available', '--all']],
  examples: [
    { line: 'whisper list', says: 'compare listed and downloaded models' },
    { line: 'whisper list --all', says: 'show every available model' },
    { line: 'whisper list --json', says: 'print JSON' },
  ],
  load: () => run,
};
