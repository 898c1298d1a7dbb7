import { parseArgs } from 'node:util';
import type { CommandDefinition, Invocation } from '../../commands/definition.ts';
import { findCommand, COMMANDS } from '../../commands/index.ts';
import {
  ALL_OPTIONS,
  GLOBAL_OPTIONS,
  type OptionName,
  OPTIONS,
  type OptionSpec,
  type ParsedOptions,
} from '../../commands/options.ts';
import { nearest } from '../../core/catalogue/suggest.ts';
import {
  helpTakesOneCommand,
  invalidOption,
  missingOperand,
  unexpectedOperand,
  unknownCommand,
  unknownOption,
  wrongOptionValue,
} from '../../core/messages/usage.ts';
import { shellValue } from '../../core/shell-value.ts';

export interface CommandLine extends Invocation {
  /** `undefined`: the program alone, for `--help` and `--version`. */
  readonly command: CommandDefinition | undefined;
}

/** Parses a command line. Programs called `whisper-COMMAND` have their command filled in. Throws `usage` (exit 2). */
export function parseCommandLine(program: string, args: readonly string[]): CommandLine {
  const filledIn = commandOf(program)?.name;
  const [name, rest] = filledIn === undefined ? takeCommand(args) : [filledIn, args];
  if (name === undefined)
    return { command: undefined, operands: [], options: parseOptions(GLOBAL_OPTIONS, rest, undefined).options };
  if (name === 'help') return helpFor(rest);
  if (name === 'version') return versionFor(rest);
  const command = findCommand(name);
  if (!command) throw unknownCommand(name, correctedLine(name, rest));
  const { options, operands } = parseOptions([...GLOBAL_OPTIONS, ...command.options], rest, name);
  if (options.help === true || options.version === true) return { command, operands, options };
  const { label, least, most } = command.operands ?? { label: '', least: 0, most: 0 };
  if (operands.length < least) throw missingOperand(name, label.replace('…', ''));
  if (operands.length > most) throw unexpectedOperand(name, operands[most] ?? '');
  return { command, operands, options };
}

export function commandOf(program: string): CommandDefinition | undefined {
  return findCommand(/^whisper-(\w+)(?:\.cjs)?$/.exec(program)?.[1] ?? '');
}

/** Whether a shell asks for completions: `complete -- WORD…`, the last being typed, or `complete --line -- TEXT` (bash). */
export function isCompletion([command, first, second]: readonly string[]): boolean {
  return command === 'complete' && (first === '--' || (first === '--line' && second === '--'));
}

function takeCommand(args: readonly string[]): readonly [string | undefined, readonly string[]] {
  const { tokens } = parseLoosely(args);
  const token = tokens.find((each) => each.kind === 'positional');
  return token?.kind === 'positional' ? [token.value, args.toSpliced(token.index, 1)] : [undefined, args];
}

function helpFor(rest: readonly string[]): CommandLine {
  const { operands, options } = parseOptions(GLOBAL_OPTIONS, rest, undefined);
  const [topic, ...more] = operands;
  const command = findCommand(topic ?? '');
  if (topic !== undefined && !command) throw unknownCommand(topic, correctedLine(topic, [], 'help'));
  if (more.length > 0) throw helpTakesOneCommand();
  return { command, operands: [], options: { ...options, help: true } };
}

function versionFor(rest: readonly string[]): CommandLine {
  const { operands, options } = parseOptions(GLOBAL_OPTIONS, rest, undefined);
  if (operands[0] !== undefined) throw unexpectedOperand('version', operands[0]);
  return { command: undefined, operands: [], options: { ...options, version: true } };
}

function parseOptions(
  allowed: readonly OptionName[],
  args: readonly string[],
  command: string | undefined,
): { readonly options: ParsedOptions; readonly operands: readonly string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: parseConfig(allowed),
      allowPositionals: true,
      strict: true,
    });
    return { options: values, operands: positionals };
  } catch (error) {
    throw asUsageError(error, allowed, command);
  }
}

/** The tokens, values and positionals of arguments that need not be valid. */
export function parseLoosely(args: readonly string[]) {
  return parseArgs({ args: [...args], options: parseConfig(ALL_OPTIONS), strict: false, tokens: true });
}

function parseConfig(names: readonly OptionName[]): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  return Object.fromEntries(
    names.map((name) => {
      const { short, value }: OptionSpec = OPTIONS[name];
      return [name, { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) }];
    }),
  );
}

function asUsageError(error: unknown, allowed: readonly OptionName[], command: string | undefined): unknown {
  if (!(error instanceof TypeError) || !('code' in error)) return error;
  if (error.code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    const said = error.message.split(/[.\n]/, 1)[0] ?? '';
    const name = allowed.find((each) => each === /--([\w-]+)/.exec(said)?.[1]);
    if (name === undefined) return invalidOption(said, command);
    const { value }: OptionSpec = OPTIONS[name];
    return wrongOptionValue(name, value, command);
  }
  const option = /'(-[^']*)'/.exec(error.message)?.[1];
  if (error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION' || option === undefined) return error;
  const [suggestion] = nearest(option.replace(/^-+/, ''), allowed, 1);
  return unknownOption(option, command, suggestion);
}

function correctedLine(name: string, rest: readonly string[], ...before: readonly string[]): string | undefined {
  const names = COMMANDS.map((command) => command.name);
  const meant = otherNames().get(name) ?? nearest(name, names, 1)[0];
  if (meant === undefined) return undefined;
  return ['whisper', ...before, meant, ...rest.filter((word) => word !== '--json').map(shellValue)].join(' ');
}

function otherNames(): ReadonlyMap<string, string> {
  return new Map(
    COMMANDS.flatMap(({ name, otherNames: others = [] }) =>
      others.map((other) => (typeof other === 'string' ? [other, name] : [other[0], `${name} ${other[1]}`])),
    ),
  );
}
