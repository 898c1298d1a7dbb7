import type { CommandName } from './command-table.ts';

export interface Example {
  readonly line: string;
  readonly says: string;
}

/** Command lines to begin with, for help and the manual page. */
export const EXAMPLES: Readonly<Partial<Record<CommandName, readonly Example[]>>> = {
  download: [
    { line: 'whisper download', says: 'choose from the catalogue' },
    { line: 'whisper download small.en-q5_1', says: 'download one model and add it to the list' },
    { line: 'whisper download -n large-v3-turbo', says: 'show what would be downloaded and removed' },
  ],
  sync: [
    { line: 'whisper sync', says: 'set up a machine' },
    { line: 'whisper sync --limit-rate 2M', says: 'limit the bandwidth' },
    { line: 'whisper sync -n --exit-code', says: 'exit 8 if there is something to do' },
  ],
  prune: [
    { line: 'whisper prune -n', says: 'show what would be removed' },
    { line: 'whisper prune', says: 'remove it' },
    { line: 'whisper prune --forget-root ~/old/project', says: 'stop keeping the models of a deleted project' },
  ],
  watch: [
    { line: 'whisper watch', says: 'comment out a line, save, and its model is removed' },
    { line: 'whisper watch --download', says: 'also download models added to the list' },
  ],
  list: [
    { line: 'whisper list', says: 'compare listed and downloaded models' },
    { line: 'whisper list --all', says: 'show every available model' },
    { line: 'whisper list --json', says: 'print JSON' },
  ],
  add: [
    { line: 'whisper add base.en-q5_1', says: 'add its line, or uncomment it' },
    {
      line: 'whisper add --any-string --file x.nix --attr services.foo.models NAME',
      says: 'edit any list of strings',
    },
  ],
  remove: [
    { line: 'whisper remove base.en-q5_1', says: 'comment its line out' },
    { line: 'whisper remove --delete base.en-q5_1', says: 'delete its line' },
  ],
  verify: [
    { line: 'whisper verify', says: 'hash all downloaded models' },
    { line: 'whisper verify --repair', says: 'and download corrupt models again' },
  ],
  why: [{ line: 'whisper why base.en-q5_1', says: 'show registry, line, git blame and download' }],
  check: [
    { line: 'whisper check', says: 'print FILE:LINE:COL: severity: message' },
    { line: 'whisper check --fix', says: 'fix clear mistakes' },
  ],
  identify: [{ line: 'whisper identify ggml-*.bin', says: 'show which models these files are' }],
  lock: [{ line: 'whisper lock', says: 'then commit both files' }],
  push: [{ line: 'whisper push /srv/models', says: 'push to a cache in a folder' }],
  init: [{ line: 'whisper init', says: 'then whisper sync' }],
  hook: [
    { line: 'whisper hook neovim', says: 'print the hook' },
    { line: 'whisper hook git --install', says: 'install it in this repository' },
  ],
  env: [
    { line: 'whisper env > .env', says: 'for programs that read .env, and for direnv' },
    { line: 'whisper env silero-v6.2.0 >> .env', says: 'add WHISPER_VAD_MODEL' },
  ],
  completions: [{ line: 'whisper completions bash', says: 'print the script and where to install it' }],
  path: [
    {
      line: 'whisper-cli -m "$(whisper path base.en-q5_1)" speech.wav',
      says: 'transcribe with a model',
    },
  ],
};
