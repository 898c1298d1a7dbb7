import type { CommandDefinition } from '../definition.ts';
import { EVALUATING, PLANNING, TRANSFERRING } from '../options.ts';

export const syncCommand: CommandDefinition = {
  name: 'sync',
  summary: 'make the models directory match the list: prune, then download missing models',
  options: [...PLANNING, 'allow-empty', 'unmanaged', ...TRANSFERRING, ...EVALUATING],
  otherNames: ['update', 'upgrade', 'apply', 'restore'],
  examples: [
    { line: 'whisper sync', says: 'set up a machine' },
    { line: 'whisper sync --limit-rate 2M', says: 'limit the bandwidth' },
    { line: 'whisper sync -n --exit-code', says: 'exit 8 if there is something to do' },
  ],
  load: async () => (await import('./run.ts')).run,
};
