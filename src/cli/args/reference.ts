import type { EXIT } from '../../core/errors.ts';

/** What each exit code says, for help and the manual page. */
export const EXIT_MEANINGS = {
  done: 'done',
  unexpected: 'a bug: the stack is shown',
  usage: 'usage: an unknown command, option or model',
  registry: 'the list: not found, does not parse, ambiguous, cannot be evaluated or edited; nothing was touched',
  hub: 'the hub, or a cache to push to: not reachable, refused, not found, rate-limited',
  integrity: 'the bytes are not what was pinned, or no complete model',
  disk: 'the disk: no space, no permission, read-only, a file that cannot be read, a model that path or env names and is not downloaded',
  busy: 'another process is at work in the folder',
  drift: 'check found a difference or a warning, or --dry-run with --exit-code something to do',
  interrupted: 'interrupted',
  terminated: 'terminated',
} as const satisfies Record<keyof typeof EXIT, string>;

/** One table of the environment variables that people set: what help and the manual page show. */

export interface VariableSpec {
  readonly name: string;
  readonly help: string;
  /** Told by the manual page only: help is to be short. */
  readonly isDetail?: boolean;
}

export const VARIABLES: readonly VariableSpec[] = [
  { name: 'WHISPER_NIX_FILE', help: 'the Nix file with the list; --file goes before it' },
  { name: 'WHISPER_MODELS_PATH', help: 'where model files lie; --models-dir goes before it' },
  { name: 'WHISPER_CATALOG', help: 'a JSON file with more known models' },
  { name: 'WHISPER_SUBSTITUTERS', help: 'Nix binary caches to ask before the hub' },
  { name: 'WHISPER_LOG', help: 'a level, like debug: logs on standard error' },
  { name: 'HF_ENDPOINT', help: 'the hub (default: https://huggingface.co)' },
  { name: 'HF_TOKEN', help: 'the access token; it goes to the hub alone' },
  { name: 'HF_TOKEN_PATH', help: 'a file with the token (default: token in HF_HOME)', isDetail: true },
  { name: 'HF_HUB_DISABLE_IMPLICIT_TOKEN', help: '1: no token is sent', isDetail: true },
  { name: 'HF_HUB_OFFLINE', help: '1: no network' },
  {
    name: 'HF_HUB_DOWNLOAD_TIMEOUT',
    help: 'seconds without a byte that a connection may have (default: 20)',
    isDetail: true,
  },
  { name: 'HF_HUB_CACHE', help: 'the cache of the Hugging Face tools, where models are looked for', isDetail: true },
  { name: 'HF_HOME', help: 'the folder of the Hugging Face tools (default: ~/.cache/huggingface)', isDetail: true },
  { name: 'HTTP_PROXY', help: 'the proxy for http addresses', isDetail: true },
  { name: 'HTTPS_PROXY', help: 'the proxy for https addresses' },
  { name: 'NO_PROXY', help: 'hosts that are reached without a proxy', isDetail: true },
  { name: 'ACCESSIBLE', help: '1: a numbered menu in place of the picker', isDetail: true },
  { name: 'NO_COLOR', help: 'no colours' },
  { name: 'FORCE_COLOR', help: 'colours without a terminal too', isDetail: true },
  {
    name: 'XDG_DATA_HOME',
    help: 'where whisper/models lies, if nothing else says where (default: ~/.local/share)',
    isDetail: true,
  },
  { name: 'XDG_STATE_HOME', help: 'where the models directories are noted (default: ~/.local/state)', isDetail: true },
  { name: 'XDG_CACHE_HOME', help: 'where caches lie (default: ~/.cache)', isDetail: true },
  {
    name: 'NIX_STORE_DIR',
    help: 'the store of Nix, where models are looked for (default: /nix/store)',
    isDetail: true,
  },
];
