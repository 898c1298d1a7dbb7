import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { test } from 'node:test';
import { needs } from './needs.ts';

const NIXES = resolve(import.meta.dirname, '../../../.cache/nixes');

/**
 * Registers the tests of files in `test/e2e` again, for the Nix of a Debian suite, which `scripts/other-nixes` has put into the
 * project. It is the first on PATH, so one process has the tests of one Nix. On that suite itself the files have run with it.
 */
export async function registerUnder(suite: 'bookworm' | 'trixie' | 'sid', files: readonly string[]): Promise<void> {
  if (codename() === suite) return;
  const folder = `${NIXES}/${suite}/bin`;
  const obstacle = existsSync(`${folder}/nix`)
    ? undefined
    : `scripts/other-nixes has not installed the Nix of ${suite}`;
  const options = needs(obstacle);
  test(`the Nix of ${suite}`, options, () => assert.equal(obstacle, undefined));
  if (obstacle !== undefined) return;
  process.env['PATH'] = folder + delimiter + (process.env['PATH'] ?? '');
  for (const file of files) await import(`../e2e/${file}.test.js`);
}

function codename(): string | undefined {
  if (!existsSync('/etc/os-release')) return undefined;
  return /^VERSION_CODENAME=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
}
