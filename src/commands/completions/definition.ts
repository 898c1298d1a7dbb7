import type { CommandDefinition } from '../definition.ts';

export const completionsCommand: CommandDefinition = {
  name: 'completions',
  summary: 'print a completion script, with installation instructions in its first lines',
  operands: { label: 'bash|zsh|fish', least: 1, most: 1, kind: ['bash', 'zsh', 'fish'] },
  options: [],
  examples: [{ line: 'whisper completions bash', says: 'print the script and where to install it' }],
  load: async () => (await import('./run.ts')).run,
};
