import { LOCK_FILE } from '../../src/core/lockfile/lockfile.ts';

/** What lies where, for the manual page. */
export const FILES: readonly { readonly path: string; readonly holds: string }[] = [
  {
    path: 'nix/whisper-manager.nix',
    holds: 'the list, looked for here and above, up to the root of the git repository',
  },
  { path: 'nix/whisper-manager/default.nix', holds: 'the same, where the first is not there' },
  { path: 'whisper-manager.nix', holds: 'the same, where the others are not there' },
  { path: LOCK_FILE, holds: 'beside the list: size and hash of each active model, for everybody; commit it' },
  {
    path: '~/.local/share/whisper/models',
    holds: 'the models directory, if neither --models-dir, WHISPER_MODELS_PATH nor modelsDir in the list says another',
  },
  { path: '~/.local/share/whisper/models/.whisper', holds: 'unfinished downloads, and what is known of the files' },
  { path: '~/.local/state/whisper/models-dirs', holds: 'which models directories this machine has' },
  {
    path: '~/.cache/huggingface/hub',
    holds: 'the cache of the Hugging Face tools: what is there is not fetched again',
  },
];
