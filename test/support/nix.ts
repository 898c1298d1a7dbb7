import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { findProgram, needsPrograms } from './needs.ts';
import type { Scratch } from './scratch.ts';

/** Options of a test that needs Nix: it is skipped where there is none. */
export const needsNix = needsPrograms('nix', 'nix-instantiate');

/** The environment of a run that may ask Nix. */
export function withNix(): { readonly PATH: string } {
  return { PATH: process.env['PATH'] ?? '' };
}

/** A PATH whose first `nix-instantiate` logs each call and runs the real one. */
export function countingNix(scratch: Scratch): {
  readonly env: { readonly PATH: string };
  readonly calls: () => number;
} {
  const log = scratch.write('calls', '');
  const env = fakeNix(scratch, `echo call >> '${log}'\nexec '${realNix() ?? ''}' "$@"`);
  return { env, calls: () => scratch.read(log).split('\n').length - 1 };
}

/** A PATH whose first `nix-instantiate` is a shell script. */
export function fakeNix(scratch: Scratch, script: string): { readonly PATH: string } {
  scratch.write('fake-bin/nix-instantiate', `#!/bin/sh\n${script}\n`, 0o755);
  return { PATH: join(scratch.path, 'fake-bin') + delimiter + withNix().PATH };
}

/** The value of an attribute of a file as Nix evaluates it, without arguments or with the usual ones. */
export function nixValue(file: string, attribute = 'activeModels'): unknown {
  const flags = ['--eval', '--strict', '--json', '--store', 'dummy://', '-A', attribute, '--arg', 'pkgs', '{ }', file];
  const { stdout, stderr, status } = spawnSync('nix-instantiate', flags, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** The real program; `undefined` where there is none. */
export function realNix(): string | undefined {
  return findProgram('nix-instantiate');
}
