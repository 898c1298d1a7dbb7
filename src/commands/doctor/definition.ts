import type { CommandDefinition } from '../definition.ts';
import { EVALUATING } from '../options.ts';

export const doctorCommand: CommandDefinition = {
  name: 'doctor',
  summary: 'check the setup and show how to fix problems',
  options: [...EVALUATING],
  load: async () => (await import('./run.ts')).run,
};
