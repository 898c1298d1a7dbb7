import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDiskErrors } from '../fs/errors.ts';
import { type Finished, runLimited } from '../process/run-program.ts';
import { OFFLINE, optionFlags, REPORTS } from './flags.ts';
import { findNix, type NixHost } from './find-nix.ts';

/** Runs `nix` with the user's store, and without the network, builds or other programs; `folder`: a temporary one. */
export async function runOffline(
  { environment, signal }: Omit<NixHost, 'cwd'>,
  folder: string,
  args: readonly string[],
): Promise<Finished> {
  const nix = findNix(environment, 'nix');
  // Nix 2.8 reads the registry for every reference, and fetches it where no file is named.
  const registry = join(folder, 'registry.json');
  withDiskErrors(registry, () => writeFileSync(registry, '{"flakes":[],"version":2}'), 'none');
  const own = Object.entries(environment).filter(([name]) => FOR_FLAKES.test(name));
  const env = { ...Object.fromEntries(own), ...NO_PROXY_WORKS };
  const flags = [...OFFLINE, ...optionFlags({ 'flake-registry': registry }), ...REPORTS];
  return runLimited(nix, [...flags, ...args], { cwd: folder, env }, signal);
}

/** The store is found by the user's own settings. These variables have them or lead to them. */
const FOR_FLAKES = /^(?:HOME|USER|LOGNAME|TMPDIR|(?:XDG|NIX)_\w+)$/;

// With `--offline`, Nix still tries each address once. No connection is made to a proxy of an unknown kind.
const NO_PROXY_WORKS = Object.fromEntries(
  ['http', 'https', 'ftp', 'all'].map((name) => [`${name}_proxy`, 'none://none']),
);
