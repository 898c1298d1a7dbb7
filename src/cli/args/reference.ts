import type { EXIT } from '../../core/errors.ts';

export const EXIT_MEANINGS = {
  done: 'success',
  unexpected: 'internal error: please report it',
  usage: 'usage: unknown command, option or model',
  registry: 'the list: not found, invalid, ambiguous, or cannot be evaluated or edited; nothing was changed',
  hub: 'the hub, or the cache to push to: unreachable, refused, not found or rate-limited',
  integrity: 'integrity: size or sha256 mismatch, or an incomplete model',
  disk: 'the disk: no space, no permission, read-only, unreadable file, or, for path and env, a model that is not downloaded',
  busy: 'another process is using the models directory',
  drift: 'check found a difference or a warning, or --dry-run --exit-code found something to do',
  interrupted: 'interrupted',
  terminated: 'terminated',
} as const satisfies Record<keyof typeof EXIT, string>;

interface VariableSpec {
  readonly name: string;
  readonly help: string;
  /** Only in the manual page, to keep help short. */
  readonly isDetail?: boolean;
}

export const VARIABLES: readonly VariableSpec[] = [
  { name: 'WHISPER_NIX_FILE', help: 'the registry; --file overrides it' },
  { name: 'WHISPER_MODELS_PATH', help: 'the models directory; --models-dir overrides it' },
  { name: 'WHISPER_ATTR', help: 'the binding or flake output that holds the list; --attr overrides it' },
  { name: 'WHISPER_CATALOG', help: 'a JSON file with additional models' },
  { name: 'WHISPER_SUBSTITUTERS', help: 'Nix binary caches to try before the hub' },
  { name: 'WHISPER_LOG', help: 'the log level, such as debug; logs go to standard error' },
  { name: 'HF_ENDPOINT', help: 'the hub (default: https://huggingface.co)' },
  { name: 'HF_TOKEN', help: 'the access token, sent only to the hub' },
  { name: 'HF_TOKEN_PATH', help: 'a file with the token (default: token in HF_HOME)', isDetail: true },
  { name: 'HF_HUB_DISABLE_IMPLICIT_TOKEN', help: '1: do not send a token', isDetail: true },
  { name: 'HF_HUB_OFFLINE', help: '1: do not use the network' },
  {
    name: 'HF_HUB_DOWNLOAD_TIMEOUT',
    help: 'seconds without data before a connection times out (default: 20)',
    isDetail: true,
  },
  { name: 'HF_HUB_CACHE', help: 'the cache of the Hugging Face tools, which is searched for models', isDetail: true },
  { name: 'HF_HOME', help: 'the folder of the Hugging Face tools (default: ~/.cache/huggingface)', isDetail: true },
  { name: 'HTTP_PROXY', help: 'the proxy for http URLs', isDetail: true },
  { name: 'HTTPS_PROXY', help: 'the proxy for https URLs' },
  { name: 'NO_PROXY', help: 'hosts to connect to without a proxy', isDetail: true },
  { name: 'ACCESSIBLE', help: '1: a numbered menu instead of the picker', isDetail: true },
  { name: 'NO_COLOR', help: 'disable colours' },
  { name: 'FORCE_COLOR', help: 'use colours even without a terminal', isDetail: true },
  {
    name: 'XDG_DATA_HOME',
    help: 'contains whisper/models, the default models directory (default: ~/.local/share)',
    isDetail: true,
  },
  {
    name: 'XDG_STATE_HOME',
    help: 'contains the list of known model folders (default: ~/.local/state)',
    isDetail: true,
  },
  { name: 'XDG_CACHE_HOME', help: 'contains caches (default: ~/.cache)', isDetail: true },
  {
    name: 'NIX_STORE_DIR',
    help: 'the Nix store, which is searched for models (default: /nix/store)',
    isDetail: true,
  },
];
