import type { OptionName, ParsedOptions } from './options.ts';

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
}

export interface Operands {
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
