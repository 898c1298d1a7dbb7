import { WhisperError } from '../errors.ts';

/** A command line that cannot be understood. */

const EXAMPLES = {
  wait: ['takes a number of seconds', 'Write it like --wait 30.'],
  undo: ['takes a number of seconds', 'Write it like --undo 60; 0 gives nothing back.'],
  'limit-rate': ['takes bytes a second', 'Write it like --limit-rate 500K or --limit-rate 2M.'],
  attr: [
    'takes an attribute path or a flake output',
    'Write it like whisper.activeModels, services."my models".list, .#lib.activeModels or github:OWNER/REPO#lib.activeModels.',
  ],
  connections: ['takes a number from 1 to 16', 'Write it like --connections 4.'],
} as const;

export function missingCommand(): WhisperError {
  return new WhisperError('usage', 'No command was named', 'whisper --help lists the commands.');
}

/** `suggestion`: a whole command line. */
export function unknownCommand(name: string, suggestion: string | undefined): WhisperError {
  const hint = suggestion === undefined ? 'whisper --help lists the commands.' : `Did you mean ${suggestion}?`;
  return new WhisperError('usage', `There is no command ${name}`, hint);
}

/** `operand`: its name in the help. */
export function missingOperand(command: string, operand: string): WhisperError {
  return new WhisperError('usage', `whisper ${command} needs ${operand}`, helpOf(command));
}

export function unexpectedOperand(command: string, given: string): WhisperError {
  return new WhisperError('usage', `whisper ${command} takes no ${JSON.stringify(given)}`, helpOf(command));
}

export function helpTakesOneCommand(): WhisperError {
  const hint = 'Write it like whisper help sync; whisper --help lists the commands.';
  return new WhisperError('usage', 'whisper help takes one command', hint);
}

/** `command`: where it was given; `undefined`: before any. */
export function unknownOption(
  option: string,
  command: string | undefined,
  suggestion: string | undefined,
): WhisperError {
  const where = command === undefined ? 'whisper' : `whisper ${command}`;
  const hint = suggestion === undefined ? helpOf(command) : `Did you mean --${suggestion}?`;
  return new WhisperError('usage', `${where} has no option ${option}`, hint);
}

/** An option without its value, or with one that it does not take; `said` are the words of Node. */
export function invalidOption(said: string, command: string | undefined): WhisperError {
  return new WhisperError('usage', said, helpOf(command));
}

/** An option without its value, or a switch with one; `value`: what help calls it. */
export function wrongOptionValue(name: string, value: string | undefined, command: string | undefined): WhisperError {
  return invalidOption(value === undefined ? `--${name} takes no value` : `--${name} needs ${value} after it`, command);
}

export function emptyOption(name: string): WhisperError {
  return new WhisperError('usage', `--${name} is empty`, 'Give it a value, or leave it out.');
}

export function invalidOptionValue(name: keyof typeof EXAMPLES, given: string): WhisperError {
  const [takes, hint] = EXAMPLES[name];
  return new WhisperError('usage', `--${name} ${takes}, not ${JSON.stringify(given)}`, hint);
}

export function exitCodeWithoutDryRun(): WhisperError {
  const hint = 'Add --dry-run, or leave --exit-code out.';
  return new WhisperError('usage', '--exit-code goes with --dry-run, which was not given', hint);
}

/** The menu was left without an answer. */
export function noModelChosen(): WhisperError {
  const hint = 'Name one, like whisper download base.en-q5_1, or type its number into the menu.';
  return new WhisperError('usage', 'No model was chosen', hint);
}

/** The picker was left without a choice; told to programs alone. */
export function selectionCancelled(): WhisperError {
  return new WhisperError('interrupted', 'No model was chosen', 'Nothing was changed.');
}

/** `most`: the last number of the menu. */
export function notInMenu(number: string, most: number): WhisperError {
  const hint = 'Type a number of the menu, or the name of a model.';
  return new WhisperError('usage', `The menu has no number ${number}: it goes from 1 to ${most}`, hint);
}

export function unknownShell(given: string, known: readonly string[]): WhisperError {
  const hint = `There is one for each of ${known.join(', ')}.`;
  return new WhisperError('usage', `There is no completion for ${JSON.stringify(given)}`, hint);
}

function helpOf(command: string | undefined): string {
  return `whisper ${command === undefined ? '' : `${command} `}--help shows how it is used.`;
}
