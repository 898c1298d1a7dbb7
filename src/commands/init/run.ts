import type { Style } from '../../adapters/terminal/style.ts';
import { printable } from '../../core/catalogue/names.ts';
import { EXIT } from '../../core/errors.ts';
import type { Run } from '../definition.ts';
import { commonOptions } from '../option-values.ts';
import { init, type InitResult } from './init.ts';

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

function shellWord(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
