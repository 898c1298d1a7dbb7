import { wrap } from '../../adapters/terminal/cells.ts';
import type { CommandDefinition } from '../../commands/definition.ts';
import { COMMANDS } from '../../commands/index.ts';
import { GLOBAL_OPTIONS, type OptionName, OPTIONS, type OptionSpec } from '../../commands/options.ts';
import { EXIT } from '../../core/errors.ts';
import { EXIT_MEANINGS, VARIABLES } from './reference.ts';

const WIDTH = 80;

/** The help of the program, or of one command, for a terminal of so many columns. */
export function helpText(command: CommandDefinition | undefined, width = WIDTH): string {
  const parts = command === undefined ? programHelp(width) : commandHelp(command, width);
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

export function optionHelp(name: OptionName, command?: CommandDefinition): string {
  return command?.optionHelp?.[name] ?? OPTIONS[name].help;
}

type Part = readonly string[];

function programHelp(width: number): readonly Part[] {
  const commands = COMMANDS.map((command): Row => [usageOf(command), command.summary]);
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

function commandHelp(command: CommandDefinition, width: number): readonly Part[] {
  const { summary, options, examples = [] } = command;
  return [
    wrap(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}`, width),
    [`Usage: whisper ${usageOf(command)} [OPTION…]`],
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

function usageOf({ name, operands }: CommandDefinition): string {
  return operands ? `${name} ${operands.label}` : name;
}

function globalOptions(width: number): Part {
  return ['Global options:', ...optionRows(GLOBAL_OPTIONS, width)];
}

function optionRows(names: readonly OptionName[], width: number, command?: CommandDefinition): Part {
  const row = (name: OptionName): Row => {
    const { short, value }: OptionSpec = OPTIONS[name];
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
    return [flag, optionHelp(name, command)];
  };
  return columns(names.map(row), width);
}

/** A narrower terminal wraps lines itself. */
const LEAST_WIDTH = 40;

export type Row = readonly [left: string, right: string];

/** Two columns, of which the right one is wrapped so that no line is wider than the terminal. */
export function columns(rows: readonly Row[], width: number): readonly string[] {
  const left = Math.max(...rows.map(([text]) => text.length));
  const indent = ' '.repeat(left + 4);
  return rows.flatMap(([name, text]) =>
    wrap(text, Math.max(width, LEAST_WIDTH) - indent.length).map((line, index) =>
      index === 0 ? `  ${name.padEnd(left)}  ${line}` : `${indent}${line}`,
    ),
  );
}
