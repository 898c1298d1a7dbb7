import type { CommandDefinition } from '../definition.ts';
import { EVALUATING, PLANNING, TRANSFERRING } from '../options.ts';

export const downloadCommand: CommandDefinition = {
  name: 'download',
  summary: 'prune, then download and verify each MODEL and add it to the list; without MODEL, open a picker',
  operands: { label: '[MODEL|URL…]', least: 0, most: Infinity, kind: 'all' },
  options: [...PLANNING, 'as', 'no-prune', 'no-register', 'force', ...TRANSFERRING, ...EVALUATING],
  optionHelp: { force: 'replace existing files' },
  otherNames: ['get', 'fetch', 'pull', 'install'],
  examples: [
    { line: 'whisper download', says: 'choose from the catalogue' },
    { line: 'whisper download small.en-q5_1', says: 'download one model and add it to the list' },
    {
      line: 'whisper download OWNER/REPO/PATH --as NAME',
      says: 'download a file of the hub, and add its source to modelSources',
    },
    { line: 'whisper download https://models.example.org/ggml-x.bin', says: 'the same from any server' },
    { line: 'whisper download -n large-v3-turbo', says: 'show what would be downloaded and removed' },
  ],
  load: async () => (await import('./run.ts')).run,
};
