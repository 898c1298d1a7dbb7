import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const envCommand: CommandDefinition = {
  name: 'env',
  summary:
    "print a model's path, program, thread count and buffer length as .env lines (default: a listed model; exit code 6 if it is not downloaded)",
  operands: { label: '[MODEL]', least: 0, most: 1, kind: 'known' },
  options: [...EVALUATING],
  examples: [
    { line: 'whisper env > .env', says: 'for programs that read .env, and for direnv' },
    { line: 'whisper env silero-v6.2.0 >> .env', says: 'add WHISPER_VAD_MODEL' },
  ],
  load: async () => (await import('./run.ts')).run,
};
