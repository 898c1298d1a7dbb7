import { EXIT } from '../../core/errors.ts';
import { wrap } from '../terminal/cells.ts';
import { columns, type Row } from '../terminal/columns.ts';
import { type CommandName, COMMANDS, type CommandSpec, SHOWN_COMMANDS } from './command-table.ts';
import { EXAMPLES } from './examples.ts';
import { GLOBAL_OPTIONS, type OptionName, OPTIONS, type OptionSpec } from './option-table.ts';
import { EXIT_MEANINGS, VARIABLES } from './reference.ts';

const WIDTH = 80;

/** The help of the program, or of one command, for a terminal of so many columns. */
export function helpText(command: CommandName | undefined, width = WIDTH): string {
  const parts = command === undefined ? programHelp(width) : commandHelp(command, width);
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What an option does, in one command or in all. */
export function optionHelp(name: OptionName, command?: CommandName): string {
  const spec: CommandSpec | undefined = command && COMMANDS[command];
  return spec?.optionHelp?.[name] ?? OPTIONS[name].help;
}

type Part = readonly string[];

function programHelp(width: number): readonly Part[] {
  const commands = SHOWN_COMMANDS.map((name): Row => {
    const { operands, summary } = COMMANDS[name];
    return [`${name} ${operands}`.trim(), summary];
  });
  const exits = Object.entries(EXIT).map(([name, code]): Row => [
    String(code),
    EXIT_MEANINGS[name as keyof typeof EXIT],
  ]);
  const variables = VARIABLES.filter(({ isDetail }) => isDetail !== true).map(({ name, help }): Row => [name, help]);
  return [
    wrap('whisper keeps a folder of whisper.cpp models equal to a list in a Nix file', width),
    ['Usage: whisper COMMAND [OPTION…]'],
    ['Commands:', ...columns(commands, width)],
    globalOptions(width),
    ['Environment:', ...columns(variables, width)],
    ['Exit codes:', ...columns(exits, width)],
    wrap('Run whisper COMMAND --help for the options of a command, or man whisper for the manual page', width),
  ];
}

function commandHelp(command: CommandName, width: number): readonly Part[] {
  const { operands, summary, options }: CommandSpec = COMMANDS[command];
  const examples = EXAMPLES[command] ?? [];
  return [
    wrap(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}`, width),
    [`Usage: whisper ${`${command} ${operands}`.trim()} [OPTION…]`],
    ...(options.length > 0 ? [['Options:', ...optionRows(options, width, command)]] : []),
    globalOptions(width),
    ...(examples.length > 0
      ? [
          [
            'Examples:',
            ...examples.flatMap(({ line, says }) => [
              `  ${line}`,
              ...wrap(says, width - 6).map((text) => `      ${text}`),
            ]),
          ],
        ]
      : []),
  ];
}

function globalOptions(width: number): Part {
  return ['Global options:', ...optionRows(GLOBAL_OPTIONS, width)];
}

function optionRows(names: readonly OptionName[], width: number, command?: CommandName): Part {
  const row = (name: OptionName): Row => {
    const { short, value }: OptionSpec = OPTIONS[name];
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return [flag, optionHelp(name, command)];
  };
  return columns(names.map(row), width);
}
