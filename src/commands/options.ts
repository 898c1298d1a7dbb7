export interface OptionSpec {
  readonly short?: string;
  /** The name of the value in help; an option without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

/** All options: what is parsed, and what help and the manual page show. */
export const OPTIONS = {
  file: {
    short: 'f',
    value: 'REGISTRY',
    help: 'the registry: the Nix file that holds activeModels (default: nix/whisper-manager.nix in this or a parent directory)',
  },
  'models-dir': { value: 'DIR', help: 'the models directory (default: ~/.local/share/whisper/models)' },
  json: { help: 'print JSON on standard output, even on failure' },
  quiet: { short: 'q', help: 'print only changes and problems' },
  verbose: { short: 'v', help: 'print each step' },
  'no-color': { help: 'disable colours' },
  help: { short: 'h', help: 'show help' },
  version: { short: 'V', help: 'show the version' },
  'no-eval': { help: 'parse the file only; never run Nix' },
  attr: {
    value: 'ATTRPATH',
    help: 'the binding that holds the list (default: activeModels), or a flake output, such as .#lib.activeModels',
  },
  literal: { help: 'also read a list inside a call, if no other list in the file has that name' },
  'dry-run': { short: 'n', help: 'show the plan without changing anything' },
  'exit-code': { help: 'with --dry-run, exit with 8 if there is something to do' },
  wait: { value: 'SECONDS', help: 'seconds to wait for another whisper process (default: 10)' },
  'no-prune': { help: 'do not remove models' },
  'no-register': { help: 'do not edit the Nix file' },
  force: { help: 'override the refusal' },
  'limit-rate': { value: 'RATE', help: 'limit in bytes per second, such as 500K or 2M' },
  connections: { value: 'N', help: 'at most N connections for all files together (default: 8)' },
  'allow-empty': { help: 'allow an empty list to remove all models' },
  unmanaged: { help: 'also remove files that cannot be downloaded again' },
  'forget-root': {
    value: 'PATH',
    help: 'forget the registry at PATH, which is missing or unreadable, so that its models can be removed',
  },
  all: { help: 'show the whole catalogue' },
  delete: { help: 'delete the line and the source, instead of commenting the line out' },
  repair: { help: 'download corrupt models again, and missing active models' },
  fix: { help: 'fix clear mistakes in the file' },
  install: { help: 'install the hook (git, pre-commit)' },
  download: { help: 'also download models added to the list' },
  undo: { value: 'SECONDS', help: 'seconds for which removed models can be restored (0: no undo; default: 30)' },
  as: { value: 'NAME', help: 'the name for the model at the given URL' },
  'any-string': { help: 'accept any string as a name' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

export const GLOBAL_OPTIONS = [
  'file',
  'models-dir',
  'json',
  'quiet',
  'verbose',
  'no-color',
  'help',
  'version',
] as const;

export const ALL_OPTIONS = Object.keys(OPTIONS) as readonly OptionName[];

export const EVALUATING = ['no-eval', 'attr'] as const;
export const PLANNING = ['dry-run', 'exit-code', 'wait'] as const;
export const TRANSFERRING = ['limit-rate', 'connections'] as const;

/** The options of a command line: the values of those that have one, `true` for a switch that is set. */
export type ParsedOptions = Readonly<Partial<Record<OptionName, string | boolean>>>;
