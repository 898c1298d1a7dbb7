import { shellWord } from '../../core/shell-value.ts';
import type { Style } from '../../adapters/terminal/style.ts';
import { printable } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { isTaken, makeFile } from '../../adapters/fs/write.ts';
import { findWorkingTree } from '../../adapters/git/working-tree.ts';
import { danglingLink, searchRegistry, USUAL_NAME, readTemplate } from '../../adapters/registry/find-registry.ts';
import { isInStore } from '../../core/binary-cache/store-path.ts';
import { registryExists, registryInStore } from '../../core/messages/registry.ts';
import { quote } from '../../core/nix/literals.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { givenRegistry } from '../session/session.ts';

export const run: Run = async (context, { options }) => {
  const result = await init(context, commonOptions(options));
  const { file, flake } = result;
  return {
    json: { file, flake },
    text: renderInit(result, context.display.style, options.quiet === true),
    exitCode: EXIT.done,
  };
};

function renderInit({ file, flake, isFound, toAdd, flakeFile }: InitResult, style: Style, quiet: boolean): string {
  const made = `${style('green', 'created')} ${printable(file)}\n`;
  if (quiet) return made;
  const where =
    flakeFile === undefined ? 'Add this to flake.nix' : `Add this to ${printable(flakeFile)}, which was not changed`;
  const lines = [
    `${where} (OWNER is the owner of the whisper repository):`,
    ...flake.map((line) => `  ${printable(line)}`),
    ...(toAdd === undefined
      ? []
      : [`Then add the file to git, because flakes see only tracked files: git add ${printable(shellWord(toAdd))}`]),
    `Next: whisper sync${isFound ? '' : ` --file ${printable(shellWord(file))}`}`,
  ];
  return made + lines.map((line) => `${line}\n`).join('');
}

interface InitResult {
  readonly file: string;
  /** The lines that a flake of the project needs to use it. */
  readonly flake: readonly string[];
  /** The file to add to git, relative to the working directory; `undefined`: there is no repository. */
  readonly toAdd: string | undefined;
  /** Whether commands find it from the working directory without `--file`. */
  readonly isFound: boolean;
  /** The project's flake, if it has one; it was not changed. */
  readonly flakeFile: string | undefined;
}

/** Puts a registry into a project that has none. Nothing is ever overwritten. */
async function init({ host }: Context, options: CommonOptions): Promise<InitResult> {
  const given = givenRegistry(host, options);
  const known = given === undefined ? searchRegistry(host.cwd) : undefined;
  if (known !== undefined) throw danglingLink(known) ?? registryExists(known, true);
  const file = resolve(host.cwd, given ?? USUAL_NAME);
  if (isInStore(file)) throw registryInStore(file);
  if (isTaken(file) || !(await makeFile(file, readTemplate()))) throw registryExists(file, false);
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

/** A path that Nix reads as one, after `./` or `../`. */
const PLAIN = /^[\w.+/-]+$/;

/**
 * The lines that a project's flake needs for the shell of its registry: the input, the packages with the program, the shell.
 * `path` is the registry's, relative to the folder of the flake; OWNER is the owner of the program's repository.
 */
export function flakeLines(path: string): readonly string[] {
  const written = path.startsWith('../') ? path : `./${path}`;
  const module = PLAIN.test(path) ? written : `(./. + ${quote(`/${path}`)})`;
  return [
    'inputs.whisper.url = "github:OWNER/whisper";',
    'pkgs = import nixpkgs { inherit system; overlays = [ whisper.overlays.default ]; };',
    `devShells.\${system}.default = (import ${module} { inherit pkgs; }).shell;`,
  ];
}
