import type { OptionName } from './option-table.ts';

/** One table of the commands: what is parsed, what help and the manual page show. */

export interface CommandSpec {
  /** What follows the command's name. */
  readonly operands: string;
  readonly least: number;
  readonly most: number;
  readonly summary: string;
  readonly options: readonly OptionName[];
  /** What an option does in this command, where that is not what it does in others. */
  readonly optionHelp?: Readonly<Partial<Record<OptionName, string>>>;
}

const EVALUATING = ['no-eval', 'attr'] as const;
const PLANNING = ['dry-run', 'exit-code', 'wait'] as const;
const TRANSFERRING = ['limit-rate', 'connections'] as const;
const MANY = Number.POSITIVE_INFINITY;

export const COMMANDS = {
  download: {
    operands: '[MODEL…]',
    least: 0,
    most: MANY,
    summary: 'prune, then download, verify and register each MODEL; without MODEL, show a picker',
    options: [...PLANNING, 'no-prune', 'no-register', 'force', ...TRANSFERRING, ...EVALUATING],
    optionHelp: { force: 'replace existing files' },
  },
  sync: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'make the folder match the list: prune, then download missing models',
    options: [...PLANNING, 'allow-empty', 'unmanaged', ...TRANSFERRING, ...EVALUATING],
  },
  prune: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'remove downloaded models that no registry lists',
    options: [...PLANNING, 'force', 'allow-empty', 'unmanaged', 'forget-root', ...EVALUATING],
    optionHelp: { force: 'also remove models in use' },
  },
  watch: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'run in the foreground and prune whenever the list changes',
    options: ['download', 'undo', 'allow-empty', 'unmanaged', ...EVALUATING],
  },
  list: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'compare listed and downloaded models, with disk usage',
    options: ['all', ...EVALUATING],
  },
  add: {
    operands: 'MODEL…',
    least: 1,
    most: MANY,
    summary: 'add models to the list, or uncomment their lines',
    options: ['any-string', ...EVALUATING],
  },
  remove: {
    operands: 'MODEL…',
    least: 1,
    most: MANY,
    summary: 'comment out the lines of models in the list',
    options: ['delete', 'any-string', ...EVALUATING],
  },
  verify: {
    operands: '[MODEL…]',
    least: 0,
    most: MANY,
    summary: 'hash models and compare them with their pinned sha256; exit 5 on a mismatch',
    options: ['repair', 'wait', ...TRANSFERRING, ...EVALUATING],
  },
  why: {
    operands: 'MODEL',
    least: 1,
    most: 1,
    summary: 'show which registries list a model, when it was verified, and how large it is to download again',
    options: [...EVALUATING],
  },
  check: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'lint the list and compare it with the folder and lock file; exit 8 on a difference or warning',
    options: ['fix', ...EVALUATING],
  },
  doctor: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'check the setup and show how to fix problems',
    options: [...EVALUATING],
  },
  identify: {
    operands: 'FILE…',
    least: 1,
    most: MANY,
    summary: 'identify models by their content; exit 5 if a file is not a complete model',
    options: [],
  },
  lock: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'pin size and sha256 of the active models in whisper-models.lock.json, next to the list',
    options: [...EVALUATING],
  },
  push: {
    operands: 'CACHE-URL',
    least: 1,
    most: 1,
    summary: 'copy the active models to a Nix binary cache (a folder or s3://BUCKET); needs Nix',
    options: [...EVALUATING],
  },
  init: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'create a list in nix/whisper-manager.nix, or in the file named by --file',
    options: [],
  },
  hook: {
    operands: 'EDITOR',
    least: 1,
    most: 1,
    summary:
      'print a hook that prunes on save: vscode, neovim, vim, emacs, helix, kakoune, jetbrains, direnv, git or pre-commit',
    options: ['install'],
  },
  path: {
    operands: 'MODEL',
    least: 1,
    most: 1,
    summary: 'print the absolute path of a model; exit 6 if it is not downloaded',
    options: [...EVALUATING],
  },
  env: {
    operands: '[MODEL]',
    least: 0,
    most: 1,
    summary:
      'print the path and settings of a model as .env lines (default: an active model); exit 6 if it is not downloaded',
    options: [...EVALUATING],
  },
  completions: {
    operands: 'bash|zsh|fish',
    least: 1,
    most: 1,
    summary: 'print a completion script, with installation instructions in its first lines',
    options: [],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;

/** The commands that help and the manual page show, in their order. */
export const SHOWN_COMMANDS = Object.keys(COMMANDS) as readonly CommandName[];

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
