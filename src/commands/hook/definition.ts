import type { CommandDefinition } from '../definition.ts';

export const hookCommand: CommandDefinition = {
  name: 'hook',
  summary:
    'print a hook that prunes on save (vscode, neovim, vim, emacs, helix, kakoune, jetbrains, direnv, git) or checks the list (pre-commit)',
  operands: {
    label: 'EDITOR',
    least: 1,
    most: 1,
    kind: ['vscode', 'neovim', 'vim', 'emacs', 'helix', 'kakoune', 'jetbrains', 'direnv', 'git', 'pre-commit'],
  },
  options: ['install'],
  examples: [
    { line: 'whisper hook neovim', says: 'print the hook' },
    { line: 'whisper hook git --install', says: 'install it in this repository' },
  ],
  load: async () => (await import('./run.ts')).run,
};
