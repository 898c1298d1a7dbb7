import { COMMANDS, type CommandName, type CommandSpec } from './command-table.ts';
import { GLOBAL_OPTIONS, OPTIONS, type OptionName, type OptionSpec } from './option-table.ts';

/** The help of the program, or of one command. */
export function helpText(command: CommandName | undefined): string {
  return command === undefined ? programHelp() : commandHelp(command);
}

function programHelp(): string {
  const commands = Object.entries<CommandSpec>(COMMANDS).map(
    ([name, { operands, summary }]) => [`${name} ${operands}`.trim(), summary] as const,
  );
  return [
    'whisper keeps a folder of whisper.cpp models equal to a list in a Nix file.',
    '',
    'Usage: whisper COMMAND [OPTION…]',
    '',
    'Commands:',
    ...columns(commands),
    '',
    'Options of all commands:',
    ...columns(GLOBAL_OPTIONS.map(optionRow)),
    '',
    'whisper COMMAND --help shows the options of one command.',
    '',
    'Exit codes: 0 done, 2 usage, 3 registry, 4 hub, 5 integrity, 6 disk, 7 busy, 8 drift, 130 interrupted, 143 terminated',
    '',
  ].join('\n');
}

function commandHelp(command: CommandName): string {
  const { operands, summary, options }: CommandSpec = COMMANDS[command];
  return [
    `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
    '',
    `Usage: whisper ${`${command} ${operands}`.trim()} [OPTION…]`,
    '',
    ...(options.length > 0 ? ['Options:', ...columns(options.map(optionRow)), ''] : []),
    'Options of all commands:',
    ...columns(GLOBAL_OPTIONS.map(optionRow)),
    '',
  ].join('\n');
}

function optionRow(name: OptionName): readonly [string, string] {
  const { short, value, help }: OptionSpec = OPTIONS[name];
  return [`${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`, help];
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
