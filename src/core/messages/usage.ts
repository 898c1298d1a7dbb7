import { WhisperError } from '../errors.ts';

/** Invalid command lines. */

const EXAMPLES = {
  wait: ['takes a number of seconds', 'Write it like --wait 30'],
  undo: ['takes a number of seconds', 'Write it like --undo 60; --undo 0 removes files for good'],
  'limit-rate': ['takes bytes per second', 'Write it like --limit-rate 500K or --limit-rate 2M'],
  attr: [
    'takes an attribute path or a flake output',
    'Write it like whisper.activeModels, services."my models".list, .#lib.activeModels or github:OWNER/REPO#lib.activeModels',
  ],
  connections: ['takes a number from 1 to 16', 'Write it like --connections 4'],
} as const;

export function missingCommand(): WhisperError {
  return new WhisperError('usage', 'No command given', 'Run whisper --help to list the commands');
}

/** `suggestion`: a whole command line. */
export function unknownCommand(name: string, suggestion: string | undefined): WhisperError {
  const hint = suggestion === undefined ? 'Run whisper --help to list the commands' : `Did you mean ${suggestion}?`;
  return new WhisperError('usage', `Unknown command ${name}`, hint);
}

/** `operand`: its name in the help. */
export function missingOperand(command: string, operand: string): WhisperError {
  return new WhisperError('usage', `whisper ${command} requires ${operand}`, helpOf(command));
}

export function unexpectedOperand(command: string, given: string): WhisperError {
  return new WhisperError(
    'usage',
    `Unexpected argument ${JSON.stringify(given)} for whisper ${command}`,
    helpOf(command),
  );
}

export function helpTakesOneCommand(): WhisperError {
  const hint = 'Write it like whisper help sync, or run whisper --help to list the commands';
  return new WhisperError('usage', 'whisper help takes one command', hint);
}

/** `command`: where the option was given; `undefined`: before the command. */
export function unknownOption(
  option: string,
  command: string | undefined,
  suggestion: string | undefined,
): WhisperError {
  const where = command === undefined ? 'whisper' : `whisper ${command}`;
  const hint = suggestion === undefined ? helpOf(command) : `Did you mean --${suggestion}?`;
  return new WhisperError('usage', `Unknown option ${option} for ${where}`, hint);
}

/** `said`: Node's message about the value of an option. */
export function invalidOption(said: string, command: string | undefined): WhisperError {
  return new WhisperError('usage', said, helpOf(command));
}

/** An option without its value, or a switch with one; `value`: its name in help. */
export function wrongOptionValue(name: string, value: string | undefined, command: string | undefined): WhisperError {
  return invalidOption(
    value === undefined ? `--${name} does not take a value` : `--${name} requires a value: ${value}`,
    command,
  );
}

export function emptyOption(name: string): WhisperError {
  return new WhisperError('usage', `--${name} is empty`, 'Give it a value, or remove it');
}

export function invalidOptionValue(name: keyof typeof EXAMPLES, given: string): WhisperError {
  const [takes, hint] = EXAMPLES[name];
  return new WhisperError('usage', `--${name} ${takes}, not ${JSON.stringify(given)}`, hint);
}

export function exitCodeWithoutDryRun(): WhisperError {
  const hint = 'Add --dry-run, or remove --exit-code';
  return new WhisperError('usage', '--exit-code requires --dry-run', hint);
}

export function noModelChosen(): WhisperError {
  const hint = 'Name a model, like whisper download base.en-q5_1, or type its number in the menu';
  return new WhisperError('usage', 'No model was chosen', hint);
}

export function selectionCancelled(): WhisperError {
  return new WhisperError(
    'interrupted',
    'No model was chosen',
    'Run the command again to choose one; nothing was changed',
  );
}

/** `most`: the last number of the menu. */
export function notInMenu(number: string, most: number): WhisperError {
  const hint = 'Type a number from the menu, or the name of a model';
  return new WhisperError('usage', `There is no number ${number} in the menu, which has 1 to ${most}`, hint);
}

export function unknownShell(given: string, known: readonly string[]): WhisperError {
  const hint = `Use one of ${known.join(', ')}`;
  return new WhisperError('usage', `Completion is not available for ${JSON.stringify(given)}`, hint);
}

function helpOf(command: string | undefined): string {
  return `Run whisper ${command === undefined ? '' : `${command} `}--help for usage`;
}
