import type { CommandDefinition } from '../definition.ts';
import { EVALUATING, TRANSFERRING } from '../options.ts';

export const verifyCommand: CommandDefinition = {
  name: 'verify',
  summary: 'hash models and compare them with their pinned sha256 (exit code 5 on a mismatch)',
  operands: { label: '[MODEL…]', least: 0, most: Infinity, kind: 'downloaded' },
  options: ['repair', 'wait', ...TRANSFERRING, ...EVALUATING],
  otherNames: [['repair', '--repair']],
  examples: [
    { line: 'whisper verify', says: 'hash all downloaded models' },
    { line: 'whisper verify --repair', says: 'and download corrupt models again' },
  ],
  load: async () => (await import('./run.ts')).run,
};
