import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'node:test';

/** Options of a test that cannot run everywhere. */
export interface Needs {
  readonly skip: string | false;
}

const isComplete = process.env['WHISPER_TESTS'] === 'complete';

export const isRoot = process.getuid?.() === 0;

/**
 * The start of a command line that runs the rest without root's right to read and write every file. Root stays root, so that
 * the program and the scratch folder can be where only root may look.
 */
export const AS_PLAIN_USER: readonly string[] = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];

/**
 * Options of a test that is skipped where one of the obstacles is not `undefined`, with that as the reason. Throws instead
 * with `WHISPER_TESTS=complete`, which ends the test file with an error.
 */
export function needs(...obstacles: readonly (string | undefined)[]): Needs {
  const obstacle = obstacles.find((each) => each !== undefined);
  if (obstacle !== undefined && isComplete) throw new Error(refusal(obstacle));
  return { skip: obstacle ?? false };
}

/** Options of a test that runs these programs. */
export function needsPrograms(...names: readonly string[]): Needs {
  return needs(missingPrograms(names));
}

/** Options of a test that gives files to another user. */
export function needsRoot(...obstacles: readonly (string | undefined)[]): Needs {
  return needs(isRoot ? undefined : 'only root can do this', ...obstacles);
}

/** Options of a test that mounts a file system by `Scratch.mountMemory`. */
export function needsMounts(): Needs {
  const canMount = isRoot && spawnSync('unshare', ['--mount', 'true']).status === 0;
  return needs(canMount ? undefined : 'no file system can be mounted here');
}

/** Skips a test that finds out while it runs that it cannot go on. Throws instead with `WHISPER_TESTS=complete`. */
export function skip(t: TestContext, obstacle: string): void {
  if (isComplete) throw new Error(refusal(obstacle));
  t.skip(obstacle);
}

/** Which of these programs are not installed, as a sentence; `undefined` if all of them are. */
export function missingPrograms(names: readonly string[]): string | undefined {
  const missing = names.filter((name) => findProgram(name) === undefined);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

/** What scripts/compile needs and is not installed, as a sentence; `undefined` if everything is. */
export function missingCompiler(): string | undefined {
  const library = existsSync('/usr/lib/wasm32-wasi') ? undefined : 'not installed: wasi-libc';
  return missingPrograms(['clang-19', 'wasm-ld-19']) ?? library;
}

/** The path of a program on PATH or where Debian installs servers; `undefined` if it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function refusal(obstacle: string): string {
  return `WHISPER_TESTS=complete allows no skipped test, but ${obstacle}`;
}
