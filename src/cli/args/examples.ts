import type { CommandName } from './command-table.ts';

export interface Example {
  readonly line: string;
  readonly says: string;
}

/** Command lines to begin with, for help and the manual page. */
export const EXAMPLES: Readonly<Partial<Record<CommandName, readonly Example[]>>> = {
  download: [
    { line: 'whisper download', says: 'choose from the catalogue' },
    { line: 'whisper download small.en-q5_1', says: 'fetch one, and write it into the list' },
    { line: 'whisper download -n large-v3-turbo', says: 'show what would come and go' },
  ],
  sync: [
    { line: 'whisper sync', says: 'set a machine up' },
    { line: 'whisper sync --limit-rate 2M', says: 'leave something of the line to others' },
    { line: 'whisper sync -n --exit-code', says: 'exit 8 where there is something to do' },
  ],
  prune: [
    { line: 'whisper prune -n', says: 'show what would be removed' },
    { line: 'whisper prune', says: 'remove it' },
    { line: 'whisper prune --forget-root ~/old/project', says: 'stop keeping what a deleted project listed' },
  ],
  watch: [
    { line: 'whisper watch', says: 'save the list with a line commented out, and its model goes' },
    { line: 'whisper watch --download', says: 'fetch what is added, too' },
  ],
  list: [
    { line: 'whisper list', says: 'what the list says against what is there' },
    { line: 'whisper list --all', says: 'every model that can be had' },
    { line: 'whisper list --json', says: 'for programs' },
  ],
  add: [
    { line: 'whisper add base.en-q5_1', says: 'a line of its own, or its commented line' },
    {
      line: 'whisper add --any-string --file x.nix --attr services.foo.models NAME',
      says: 'any list of strings',
    },
  ],
  remove: [
    { line: 'whisper remove base.en-q5_1', says: 'comment its line out' },
    { line: 'whisper remove --delete base.en-q5_1', says: 'delete its line' },
  ],
  verify: [
    { line: 'whisper verify', says: 'hash all that is there' },
    { line: 'whisper verify --repair', says: 'and fetch the bad ones again' },
  ],
  why: [{ line: 'whisper why base.en-q5_1', says: 'registry, line, git blame, record' }],
  check: [
    { line: 'whisper check', says: 'findings as FILE:LINE:COL: severity: message' },
    { line: 'whisper check --fix', says: 'correct what is certain' },
  ],
  identify: [{ line: 'whisper identify ggml-*.bin', says: 'which models these are' }],
  lock: [{ line: 'whisper lock', says: 'then commit both files' }],
  push: [{ line: 'whisper push /srv/models', says: 'a cache in a folder' }],
  init: [{ line: 'whisper init', says: 'then whisper sync' }],
  hook: [
    { line: 'whisper hook neovim', says: 'print it' },
    { line: 'whisper hook git --install', says: 'put it into this repository' },
  ],
  env: [
    { line: 'whisper env > .env', says: 'for programs that read .env, and for direnv' },
    { line: 'whisper env silero-v6.2.0 >> .env', says: 'WHISPER_VAD_MODEL too' },
  ],
  completions: [{ line: 'whisper completions bash', says: 'its first lines say where it belongs' }],
  path: [
    {
      line: 'whisper-cli -m "$(whisper path base.en-q5_1)" speech.wav',
      says: 'transcribe with it',
    },
  ],
};
