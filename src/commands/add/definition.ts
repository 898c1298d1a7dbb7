import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const addCommand: CommandDefinition = {
  name: 'add',
  summary: 'add models to the list, or uncomment their lines',
  operands: { label: 'MODEL|URL…', least: 1, most: Infinity, kind: 'all' },
  options: ['as', 'any-string', ...EVALUATING, 'literal'],
  otherNames: ['enable'],
  examples: [
    { line: 'whisper add base.en-q5_1', says: 'add its line, or uncomment it' },
    { line: 'whisper add OWNER/REPO/PATH --as NAME', says: 'add its line, and its source to modelSources' },
    {
      line: 'whisper add --any-string --file x.nix --attr services.foo.models NAME',
      says: 'edit any list of strings',
    },
  ],
  load: async () => (await import('../edit/run.ts')).runAdd,
};
