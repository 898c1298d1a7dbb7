import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { withNix } from './nix.ts';
import type { Scratch } from './scratch.ts';

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

/** What is in a store is read-only, and has to be removed with the rest of a scratch project. */
export function removesStores(t: Pick<TestContext, 'after'>, { path }: Scratch): void {
  t.after(() => spawnSync('chmod', ['-R', 'u+w', path]));
}
