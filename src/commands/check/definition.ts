import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const checkCommand: CommandDefinition = {
  name: 'check',
  summary:
    'lint the list and modelSources, and compare the list with the directory and the lock file (exit code 8 on a difference or a warning)',
  options: ['fix', ...EVALUATING, 'literal'],
  otherNames: ['status', 'diff', 'lint', ['fix', '--fix']],
  examples: [
    { line: 'whisper check', says: 'print FILE:LINE:COL: severity: message' },
    { line: 'whisper check --fix', says: 'fix clear mistakes' },
  ],
  load: async () => (await import('./run.ts')).run,
};
