import type { CommandDefinition } from '../definition.ts';

export const initCommand: CommandDefinition = {
  name: 'init',
  summary: 'create a list in nix/whisper-manager.nix, or in the file named by --file',
  options: [],
  otherNames: ['new'],
  examples: [{ line: 'whisper init', says: 'then whisper sync' }],
  load: async () => (await import('./run.ts')).run,
};
