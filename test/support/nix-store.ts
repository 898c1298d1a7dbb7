import { join } from 'node:path';
import { withNix } from './nix.ts';

/** A Nix with a store in one folder: no daemon, no network, no file outside. */
export function nixIn(folder: string): Readonly<Record<string, string>> {
  const settings = {
    'build-users-group': '',
    'experimental-features': 'nix-command flakes',
    'flake-registry': '',
    'max-jobs': '2',
    sandbox: 'false',
    substituters: '',
  };
  return {
    ...withNix(),
    NIX_STORE_DIR: join(folder, 'store'),
    NIX_STATE_DIR: join(folder, 'var'),
    NIX_LOG_DIR: join(folder, 'log'),
    NIX_CONF_DIR: join(folder, 'etc'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    NIX_CONFIG: Object.entries(settings)
      .map((setting) => setting.join(' = '))
      .join('\n'),
  };
}
