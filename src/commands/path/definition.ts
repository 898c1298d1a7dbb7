import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const pathCommand: CommandDefinition = {
  name: 'path',
  summary: 'print the absolute path of a model (exit code 6 if it is not downloaded)',
  operands: { label: 'MODEL', least: 1, most: 1, kind: 'known' },
  options: [...EVALUATING],
  otherNames: ['which', 'where'],
  examples: [
    {
      line: 'whisper-cli -m "$(whisper path base.en-q5_1)" speech.wav',
      says: 'transcribe with a model',
    },
  ],
  load: async () => (await import('./run.ts')).run,
};
