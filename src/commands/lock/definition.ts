import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const lockCommand: CommandDefinition = {
  name: 'lock',
  summary: 'pin the size and sha256 of the listed models in whisper-models.lock.json, next to the list',
  options: [...EVALUATING],
  examples: [{ line: 'whisper lock', says: 'then commit both files' }],
  load: async () => (await import('./run.ts')).run,
};
