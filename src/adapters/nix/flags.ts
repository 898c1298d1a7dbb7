/** Syntax that people have in their files, by its names in Nix and in Lix. Nix ignores names that it does not know. */
const FEATURES = 'pipe-operators pipe-operator';

export const FLAKE_FEATURES = `nix-command flakes ${FEATURES}`;

export const REPORTS = ['--log-format', 'internal-json', '--show-trace'];

/** For untrusted texts: nothing is built, fetched or read that was not named (https://nix.dev/manual, "nix.conf"). */
export const EVALUATES = [
  '--eval',
  '--strict',
  '--json',
  '--store',
  'dummy://',
  ...REPORTS,
  ...optionFlags({
    'restrict-eval': 'true',
    'allow-import-from-derivation': 'false',
    'extra-experimental-features': FEATURES,
  }),
];

/** Nothing is fetched or built, and no configuration of a flake counts. */
export const OFFLINE = [
  '--extra-experimental-features',
  FLAKE_FEATURES,
  '--offline',
  ...optionFlags({
    'accept-flake-config': 'false',
    'allow-import-from-derivation': 'false',
    builders: '',
    'eval-cache': 'false',
    'max-jobs': '0',
    substituters: '',
  }),
];

/** No settings of the user or the system. */
export const SEALED = { NIX_PATH: '', NIX_CONF_DIR: '/nonexistent', NIX_USER_CONF_FILES: '' };

export function optionFlags(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['--option', name, value]);
}
