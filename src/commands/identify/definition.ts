import type { CommandDefinition } from '../definition.ts';

export const identifyCommand: CommandDefinition = {
  name: 'identify',
  summary: 'identify models by their content (exit code 5 if a file is not a complete model)',
  operands: { label: 'FILE…', least: 1, most: Infinity, kind: 'files' },
  options: [],
  examples: [{ line: 'whisper identify ggml-*.bin', says: 'show which models these files are' }],
  load: async () => (await import('./run.ts')).run,
};
