import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Environment } from '../../core/registry/string-value.ts';

/** The home directory of the user, by `HOME` where it is set. */
export function homeFolder(environment: Environment): string {
  return environment['HOME'] || homedir();
}

/** Where models lie if nobody says otherwise. */
export function defaultModelsFolder(environment: Environment): string {
  return join(xdgFolder(environment, 'XDG_DATA_HOME', '.local/share'), 'whisper', 'models');
}

/** Where the program keeps what it knows of this machine. */
export function stateFolder(environment: Environment): string {
  return join(xdgFolder(environment, 'XDG_STATE_HOME', '.local/state'), 'whisper');
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

/** A path with the home directory for a leading `~`, where no shell has put it. */
export function withoutTilde(environment: Environment, path: string): string {
  return path.replace(/^~(?=\/|$)/, () => homeFolder(environment));
}

/** A path for people: with `~` for the home directory. */
export function underHome(environment: Environment, path: string): string {
  const home = homeFolder(environment);
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** A base directory of the XDG specification, which has relative ones ignored. */
function xdgFolder(environment: Environment, name: string, standard: string): string {
  const given = environment[name];
  return given !== undefined && isAbsolute(given) ? given : join(homeFolder(environment), standard);
}
