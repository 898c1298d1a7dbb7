import type { Display } from '../adapters/terminal/display.ts';
import type { ChooseModels } from './download/choice.ts';
import type { OptionName, ParsedOptions } from './options.ts';
import type { Context } from './session/context.ts';

/** A command: what parsing, help, the manual page and completion know of it. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** `undefined`: the command takes none. */
  readonly operands?: Operands;
  readonly options: readonly OptionName[];
  /** What an option does in this command, where that differs from other commands. */
  readonly optionHelp?: Readonly<Partial<Record<OptionName, string>>>;
  /** What other programs call it, with the option that makes it the same: `['fix', '--fix']`. */
  readonly otherNames?: readonly (string | readonly [name: string, option: string])[];
  readonly examples?: readonly Example[];
  /** Loads what runs the command. Loading is slow, so only `list` and the `prune` of editors are loaded with the program. */
  readonly load: () => Run | Promise<Run>;
}

interface Operands {
  /** As help shows it. Capitals stand for something; other words are typed as they are. */
  readonly label: string;
  readonly least: number;
  readonly most: number;
  /** What completion offers: models, files, folders or these words. */
  readonly kind: ModelKind | 'files' | 'folders' | readonly string[];
}

/** Which models can be an operand: of the catalogue, active, downloaded, or either of the last two. */
export type ModelKind = 'all' | 'active' | 'downloaded' | 'known';

export interface Example {
  readonly line: string;
  readonly says: string;
}

/** The part of a command line that follows the command. */
export interface Invocation {
  readonly operands: readonly string[];
  readonly options: ParsedOptions;
}

/** Runs a command. Throws a `WhisperError` where it fails. */
export type Run = (context: CommandContext, invocation: Invocation) => Promise<Outcome | Streamed> | Outcome;

export interface CommandContext extends Context {
  readonly display: Display;
  readonly chooseModels: ChooseModels;
}

/** The result of a command: the JSON document, the text that is printed without `--json`, and the exit code. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode: number;
}

/** The result of a command that has printed its output itself. */
type Streamed = Pick<Outcome, 'exitCode'>;
