import { JETBRAINS, VSCODE } from './desktop-editors.ts';
import { DIRENV, GIT, PRE_COMMIT } from './repository.ts';
import { EMACS, HELIX, KAKOUNE, NEOVIM, VIM } from './terminal-editors.ts';

/** What to paste, and where its first lines say: a save of the registry then prunes. */
export const SNIPPETS = {
  vscode: VSCODE,
  neovim: NEOVIM,
  vim: VIM,
  emacs: EMACS,
  helix: HELIX,
  kakoune: KAKOUNE,
  jetbrains: JETBRAINS,
  direnv: DIRENV,
  git: GIT,
  'pre-commit': PRE_COMMIT,
} as const satisfies Readonly<Record<string, string>>;

/** What people type for one of them. */
export const OTHER_NAMES: ReadonlyMap<string, keyof typeof SNIPPETS> = new Map([
  ['nvim', 'neovim'],
  ['code', 'vscode'],
  ['codium', 'vscode'],
  ['hx', 'helix'],
  ['kak', 'kakoune'],
  ['idea', 'jetbrains'],
  ['intellij', 'jetbrains'],
  ['pycharm', 'jetbrains'],
]);

export type HookName = keyof typeof SNIPPETS;

export function isHook(name: string): name is HookName {
  return Object.hasOwn(SNIPPETS, name);
}
