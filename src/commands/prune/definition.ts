import type { CommandDefinition } from '../definition.ts';
import { EVALUATING, PLANNING } from '../options.ts';
import { run } from './run.ts';

export const pruneCommand: CommandDefinition = {
  name: 'prune',
  summary: 'remove downloaded models that no registry lists',
  options: [...PLANNING, 'force', 'allow-empty', 'unmanaged', 'forget-root', ...EVALUATING],
  optionHelp: { force: 'also remove models in use' },
  otherNames: ['clean', 'cleanup', 'gc', 'purge', 'autoremove'],
  examples: [
    { line: 'whisper prune -n', says: 'show what would be removed' },
    { line: 'whisper prune', says: 'remove these models' },
    { line: 'whisper prune --forget-root ~/old/project', says: 'stop keeping the models of a deleted project' },
  ],
  load: () => run,
};
