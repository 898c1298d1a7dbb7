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
    summary: 'prune, then fetch, verify and register each MODEL; without MODEL, a picker',
    options: [...PLANNING, 'no-prune', 'no-register', 'force', ...TRANSFERRING, ...EVALUATING],
    optionHelp: { force: 'fetch again what is there' },
  },
  sync: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'make the folder equal to the list: prune, then fetch what is missing',
    options: [...PLANNING, 'allow-empty', 'unmanaged', ...TRANSFERRING, ...EVALUATING],
  },
  prune: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'remove managed models that no registry lists',
    options: [...PLANNING, 'force', 'allow-empty', 'unmanaged', 'forget-root', ...EVALUATING],
    optionHelp: { force: 'remove models in use too' },
  },
  watch: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'prune at once whenever the list changes, in the foreground, until Ctrl-C',
    options: ['download', 'undo', 'allow-empty', 'unmanaged', ...EVALUATING],
  },
  list: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'active against downloaded, disk use',
    options: ['all', ...EVALUATING],
  },
  add: {
    operands: 'MODEL…',
    least: 1,
    most: MANY,
    summary: 'make models active in the list; a commented line comes back',
    options: ['any-string', ...EVALUATING],
  },
  remove: {
    operands: 'MODEL…',
    least: 1,
    most: MANY,
    summary: "comment models' lines out",
    options: ['delete', 'any-string', ...EVALUATING],
  },
  verify: {
    operands: '[MODEL…]',
    least: 0,
    most: MANY,
    summary: 'hash files and compare them with lock file, record or catalogue; exit 5 where one is not right',
    options: ['repair', 'wait', ...TRANSFERRING, ...EVALUATING],
  },
  why: {
    operands: 'MODEL',
    least: 1,
    most: 1,
    summary: 'who keeps a model, since when it is verified, what it costs to fetch it again',
    options: [...EVALUATING],
  },
  check: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'lint the list and compare it with folder and lock file; exit 8 where something differs, or for a warning',
    options: ['fix', ...EVALUATING],
  },
  doctor: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'what the program found, what is wrong, and how to mend it',
    options: [...EVALUATING],
  },
  identify: {
    operands: 'FILE…',
    least: 1,
    most: MANY,
    summary: 'what files are, by their bytes; exit 5 where one is no complete model',
    options: [],
  },
  lock: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'pin size and hash of each active model in whisper-models.lock.json, beside the list',
    options: [...EVALUATING],
  },
  push: {
    operands: 'CACHE-URL',
    least: 1,
    most: 1,
    summary: 'copy the active models to a Nix binary cache: a folder, s3://BUCKET, …?compression=zstd; needs Nix',
    options: [...EVALUATING],
  },
  init: {
    operands: '',
    least: 0,
    most: 0,
    summary: 'put a list into a project that has none, as nix/whisper-manager.nix or where --file says',
    options: [],
  },
  hook: {
    operands: 'EDITOR',
    least: 1,
    most: 1,
    summary:
      'print the save trigger for vscode, neovim, vim, emacs, helix, kakoune, jetbrains, direnv, git or pre-commit',
    options: ['install'],
  },
  path: {
    operands: 'MODEL',
    least: 1,
    most: 1,
    summary: "print a model's absolute path; exit 6 if it is not downloaded",
    options: [...EVALUATING],
  },
  env: {
    operands: '[MODEL]',
    least: 0,
    most: 1,
    summary:
      "print a model's path and run settings as .env lines (default: an active model); exit 6 if it is not downloaded",
    options: [...EVALUATING],
  },
  completions: {
    operands: 'bash|zsh|fish',
    least: 1,
    most: 1,
    summary: 'print the completion script of a shell; its first lines say where to put it',
    options: [],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandName = keyof typeof COMMANDS;

/** The commands that help and the manual page show, in their order. */
export const SHOWN_COMMANDS = Object.keys(COMMANDS) as readonly CommandName[];

export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
