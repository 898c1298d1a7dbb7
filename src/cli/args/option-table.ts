/** One table of the options: what is parsed, what help and the manual page show. */

export interface OptionSpec {
  readonly short?: string;
  /** The name of the value in help; an option without one is a switch. */
  readonly value?: string;
  readonly help: string;
}

export const OPTIONS = {
  file: {
    short: 'f',
    value: 'REGISTRY',
    help: 'the Nix file with the list (default: nix/whisper-manager.nix here or above)',
  },
  'models-dir': { value: 'DIR', help: 'where model files lie' },
  json: { help: 'one JSON document on standard output, also when it fails' },
  quiet: { short: 'q', help: 'say only what matters' },
  verbose: { short: 'v', help: 'say what is being done' },
  'no-color': { help: 'no colours' },
  help: { short: 'h', help: 'show help' },
  version: { short: 'V', help: 'show the version' },
  'no-eval': { help: 'never run nix: read what the file itself tells' },
  attr: {
    value: 'ATTRPATH',
    help: 'which binding holds the list (default: activeModels), or an output of a flake, like .#lib.activeModels',
  },
  'dry-run': { short: 'n', help: 'show what would be done and do nothing' },
  'exit-code': { help: 'with --dry-run: exit 8 when there is something to do' },
  wait: { value: 'SECONDS', help: 'how long to wait for another process (default: 10)' },
  'no-prune': { help: 'remove nothing' },
  'no-register': { help: 'leave the Nix file alone' },
  force: { help: 'do it all the same' },
  'limit-rate': { value: 'RATE', help: 'bytes a second, like 500K or 2M' },
  connections: { value: 'N', help: 'connections at the most, over all files (default: 8)' },
  'allow-empty': { help: 'an empty list may remove everything' },
  unmanaged: { help: 'remove files too that cannot be downloaded again' },
  'forget-root': { value: 'PATH', help: 'stop keeping the models of a missing or unreadable registry' },
  all: { help: 'the whole catalogue' },
  delete: { help: 'delete the line in place of commenting it out' },
  repair: { help: 'fetch again what is corrupt, and what is active and missing' },
  fix: { help: 'write the sure corrections into the file' },
  install: { help: 'git, pre-commit: put it where it belongs' },
  download: { help: 'also fetch what is added to the list' },
  undo: { value: 'SECONDS', help: 'how long what was pruned can be given back (default: 30)' },
  'any-string': { help: 'a list of any strings: names are not checked' },
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
