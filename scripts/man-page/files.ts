import { LOCK_FILE } from '../../src/core/lockfile/lockfile.ts';

/** What lies where, for the manual page. */
export const FILES: readonly { readonly path: string; readonly holds: string }[] = [
  {
    path: 'nix/whisper-manager.nix',
    holds: 'the registry, searched for in the current directory and its parents up to the git root',
  },
  { path: 'nix/whisper-manager/default.nix', holds: 'the registry, if the first does not exist' },
  { path: 'whisper-manager.nix', holds: 'the registry, if the others do not exist' },
  {
    path: LOCK_FILE,
    holds: 'the lock file next to the registry, with size and sha256 of each active model; commit it',
  },
  {
    path: '~/.local/share/whisper/models',
    holds: 'the default models directory, unless --models-dir, WHISPER_MODELS_PATH or modelsDir in the registry is set',
  },
  {
    path: '~/.local/share/whisper/models/.whisper',
    holds: 'unfinished downloads, and records of the downloaded files',
  },
  { path: '~/.local/state/whisper/models-dirs', holds: 'the models directories of this machine' },
  {
    path: '~/.cache/huggingface/hub',
    holds: 'the cache of the Hugging Face tools; models in it are not downloaded again',
  },
];
