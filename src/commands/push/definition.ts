import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const pushCommand: CommandDefinition = {
  name: 'push',
  summary: 'copy the listed models to a Nix binary cache (a folder or s3://BUCKET); needs Nix',
  operands: { label: 'CACHE-URL', least: 1, most: 1, kind: 'folders' },
  options: [...EVALUATING],
  examples: [{ line: 'whisper push /srv/models', says: 'push to a cache in a folder' }],
  load: async () => (await import('./run.ts')).run,
};
