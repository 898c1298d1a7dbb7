import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const whyCommand: CommandDefinition = {
  name: 'why',
  summary: 'show which registries list a model, when it was last verified, and how large a new download would be',
  operands: { label: 'MODEL', least: 1, most: 1, kind: 'known' },
  options: [...EVALUATING],
  otherNames: ['info', 'show', 'explain'],
  examples: [{ line: 'whisper why base.en-q5_1', says: 'show registry, line, git blame and download' }],
  load: async () => (await import('./run.ts')).run,
};
