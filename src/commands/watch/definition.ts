import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const watchCommand: CommandDefinition = {
  name: 'watch',
  summary: 'run in the foreground and prune whenever the registry is saved',
  options: ['download', 'undo', 'allow-empty', 'unmanaged', ...EVALUATING],
  examples: [
    { line: 'whisper watch', says: 'remove a model when you comment out its line and save' },
    { line: 'whisper watch --download', says: 'also download models added to the list' },
  ],
  load: async () => (await import('./run.ts')).run,
};
