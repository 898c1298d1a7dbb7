import { optionHelp } from '../../src/cli/args/help.ts';
import { EXIT_MEANINGS, VARIABLES } from '../../src/cli/args/reference.ts';
import type { CommandDefinition, Example } from '../../src/commands/definition.ts';
import { COMMANDS, findCommand } from '../../src/commands/index.ts';
import { GLOBAL_OPTIONS, type OptionName, OPTIONS, type OptionSpec } from '../../src/commands/options.ts';
import { EXIT } from '../../src/core/errors.ts';
import { FILES } from './files.ts';
import { bold, entry, italic, literal, plain, section, subsection } from './roff.ts';

export interface PageFacts {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The names that the program is installed by; the first is the page's. */
  readonly programs: readonly string[];
}

/** The manual page of the program, by the tables that parse its command line. */
export function manPage({ version, date, programs }: PageFacts): string {
  const [name = ''] = programs;
  const sections = [
    section(
      'NAME',
      plain(`${programs.join(', ')} - keep a folder of whisper.cpp models equal to a list in a Nix file`),
    ),
    section('SYNOPSIS', `${bold(name)} ${italic('COMMAND')} [${italic('OPTION')}...]`, ...synopsisOf(programs)),
    section('DESCRIPTION', ...description()),
    section('COMMANDS', ...COMMANDS.map(commandEntry)),
    section('OPTIONS', ...optionEntries()),
    section('EXIT STATUS', ...exitEntries()),
    section('ENVIRONMENT', ...VARIABLES.map((variable) => entry(bold(variable.name), sentence(variable.help)))),
    section('FILES', ...FILES.map(({ path, holds }) => entry(italic(path), sentence(holds)))),
    section('EXAMPLES', ...COMMANDS.flatMap(({ examples = [] }) => examples.map(exampleEntry))),
    section('SEE ALSO', `${bold('nix')}(1), ${bold('git')}(1)`),
  ];
  const heading = `.TH ${name.toUpperCase()} 1 ${date} "${name} ${plain(version)}" "User Commands"`;
  // Names of files and options are not to be broken at the end of a line.
  return [heading, '.nh', '.ad l', ...sections, ''].join('\n');
}

/** Programs that have their command filled in. */
function synopsisOf(programs: readonly string[]): readonly string[] {
  return programs.flatMap((program) => {
    const command = findCommand(/^whisper-(.+)$/.exec(program)?.[1] ?? '');
    return command ? ['.br', [bold(program), ...operandsOf(command), `[${italic('OPTION')}...]`].join(' ')] : [];
  });
}

function description(): readonly string[] {
  const list = ['activeModels = [', '  "ggml-base.en-q5_1.bin"', '  # "ggml-small.en-q5_1.bin"', '];'];
  return [
    plain('The registry is a Nix file that holds a list of models:'),
    literal(...list.map(plain)),
    '.PP',
    plain(
      'Listed models that are missing are downloaded and verified. Models that are not listed are removed if they can be downloaded again.',
    ),
    plain('The list is parsed without Nix; Nix evaluates it only if it is computed.'),
    plain('If the list cannot be read with certainty, the command stops before it changes anything.'),
    '.PP',
    plain('A MODEL is a file name like ggml-base.en-q5_1.bin, or a short name like base.en-q5_1, also in the list.'),
    plain('Results go to standard output, messages to standard error.'),
    plain('whisper-manager is another name of the program, for machines that have another program called whisper.'),
    plain('whisper-models is the same program by the name of its package, which npx looks for.'),
  ];
}

function commandEntry(command: CommandDefinition): string {
  const options = command.options.map((option) => `[${flag(option)}]`).join(' ');
  const usage = [bold(command.name), ...operandsOf(command)].join(' ');
  return entry(usage, sentence(command.summary), ...(options === '' ? [] : [`${plain('Options:')} ${options}`]));
}

function operandsOf({ operands }: CommandDefinition): readonly string[] {
  if (!operands) return [];
  // Capitals stand for something; other words are typed as they are.
  const [, open = '', word = '', rest = ''] = /^(\[?)([A-Z-]+)(.*)$/.exec(operands.label) ?? [];
  return [word === '' ? plain(operands.label) : `${open}${italic(word)}${plain(rest)}`];
}

/** Each option once, with the commands that take it. */
function optionEntries(): readonly string[] {
  const isGlobal = (name: OptionName): boolean => GLOBAL_OPTIONS.some((each) => each === name);
  const others = (Object.keys(OPTIONS) as OptionName[]).filter((name) => !isGlobal(name));
  return [
    subsection('Global options', ...GLOBAL_OPTIONS.map((name) => entry(flags(name), sentence(optionHelp(name))))),
    subsection('Options of single commands', ...others.map((name) => entry(flags(name), ...meanings(name)))),
  ];
}

/** What an option does, in the commands where it does that. */
function meanings(name: OptionName): readonly string[] {
  const byHelp = new Map<string, string[]>();
  for (const command of COMMANDS.filter(({ options }) => options.includes(name))) {
    const help = optionHelp(name, command);
    byHelp.set(help, [...(byHelp.get(help) ?? []), command.name]);
  }
  return [...byHelp].map(([help, commands]) => `${sentence(help)} (${commands.map(bold).join(', ')})`);
}

function flags(name: OptionName): string {
  const { short }: OptionSpec = OPTIONS[name];
  return short === undefined ? flag(name) : `${bold(`-${short}`)}, ${flag(name)}`;
}

function flag(name: OptionName): string {
  const { value }: OptionSpec = OPTIONS[name];
  return value === undefined ? bold(`--${name}`) : `${bold(`--${name}`)} ${italic(value)}`;
}

function exitEntries(): readonly string[] {
  return Object.entries(EXIT).map(([name, code]) =>
    entry(bold(String(code)), sentence(EXIT_MEANINGS[name as keyof typeof EXIT])),
  );
}

function exampleEntry({ line, says }: Example): string {
  return entry(bold(line), sentence(says));
}

function sentence(text: string): string {
  return plain(`${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`);
}
