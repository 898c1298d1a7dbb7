import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { findWorkingTree } from '../adapters/git-work.ts';
import { isTaken, makeFile } from '../adapters/new-file.ts';
import { searchRegistry, USUAL_NAME } from '../adapters/registry-file.ts';
import { readTemplate } from '../adapters/template.ts';
import { WhisperError } from '../core/errors.ts';
import { printable } from '../core/models/name.ts';
import { isInStore } from '../core/nix/store.ts';
import { flakeLines } from '../core/nix/flake-lines.ts';
import { givenRegistry, type CommonOptions, type Context } from './session.ts';

export interface InitResult {
  /** The new registry, absolute. */
  readonly file: string;
  /** What a flake of the project says to use it. */
  readonly flake: readonly string[];
  /** The file to be added to git, from the working directory; `undefined`: there is no repository. */
  readonly toAdd: string | undefined;
  /** Whether commands find it from the working directory without being told. */
  readonly isFound: boolean;
  /** The project's flake, where it has one: it was left alone. */
  readonly flakeFile: string | undefined;
}

/** Puts a registry into a project that has none. Nothing is ever overwritten. */
export async function init({ host }: Context, options: CommonOptions): Promise<InitResult> {
  const given = givenRegistry(host, options);
  const known = given === undefined ? searchRegistry(host.cwd) : undefined;
  if (known !== undefined) throw exists(known, 'This project has a registry');
  const file = resolve(host.cwd, given ?? USUAL_NAME);
  if (isInStore(file)) throw inStore(file);
  if (isTaken(file) || !(await makeFile(file, readTemplate()))) throw exists(file, 'Something has that name');
  const top = findWorkingTree(file)?.top;
  const root = existsSync(join(host.cwd, 'flake.nix')) ? host.cwd : (top ?? host.cwd);
  const flake = join(root, 'flake.nix');
  return {
    file,
    flake: flakeLines(relative(root, file)),
    isFound: searchRegistry(host.cwd) === file,
    toAdd: top === undefined ? undefined : relative(host.cwd, file),
    flakeFile: existsSync(flake) ? flake : undefined,
  };
}

function inStore(file: string): WhisperError {
  return new WhisperError(
    'registry-read-only',
    `${printable(file)} lies in the Nix store, where only Nix writes: nothing was written`,
    'Name another place with --file.',
    { details: { file } },
  );
}

function exists(file: string, what: string): WhisperError {
  return new WhisperError(
    'registry-exists',
    `${what} already: ${printable(file)} was left alone`,
    'whisper list shows what a registry says; --file puts a new one elsewhere.',
    { details: { file } },
  );
}
