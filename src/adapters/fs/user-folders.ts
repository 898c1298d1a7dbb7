import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from '../../core/registry/string-value.ts';

/** The home directory of the user, by `HOME` where it is set. */
export function homeFolder(environment: Environment): string {
  return environment['HOME'] || homedir();
}

export function defaultModelsFolder(environment: Environment): string {
  return join(xdgFolder(environment, 'XDG_DATA_HOME', '.local/share'), 'whisper', 'models');
}

export function stateFolder(environment: Environment): string {
  return join(xdgFolder(environment, 'XDG_STATE_HOME', '.local/state'), 'whisper');
}

/** Where the V8 code cache of the program is. */
export function codeFolder(environment: Environment): string {
  return join(xdgFolder(environment, 'XDG_CACHE_HOME', '.cache'), 'whisper', 'code');
}

/** The cache of the Hugging Face tools, by their variables; relative ones are meant from `cwd`, as there. */
export function hubCacheFolder(environment: Environment, cwd: string): string {
  const folder = (name: string): string | undefined => {
    const value = environment[name];
    return value ? resolve(cwd, withoutTilde(environment, value)) : undefined;
  };
  const cache = folder('XDG_CACHE_HOME') ?? join(homeFolder(environment), '.cache');
  return (
    folder('HF_HUB_CACHE') ??
    folder('HUGGINGFACE_HUB_CACHE') ??
    join(folder('HF_HOME') ?? join(cache, 'huggingface'), 'hub')
  );
}

/** Expands a leading `~`, which no shell has expanded. */
export function withoutTilde(environment: Environment, path: string): string {
  return path.replace(/^~(?=\/|$)/, () => homeFolder(environment));
}

/** A path for messages: with `~` for the home directory. */
export function underHome(environment: Environment, path: string): string {
  const home = homeFolder(environment);
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** A base directory of the XDG specification, by which relative ones are ignored. */
function xdgFolder(environment: Environment, name: string, standard: string): string {
  const given = environment[name];
  return given !== undefined && isAbsolute(given) ? given : join(homeFolder(environment), standard);
}
