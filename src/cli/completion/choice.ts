import type { CommandDefinition, ModelKind } from '../../commands/definition.ts';
import { COMMANDS, findCommand } from '../../commands/index.ts';
import {
  GLOBAL_OPTIONS,
  type OptionName,
  OPTIONS,
  type OptionSpec,
  type ParsedOptions,
} from '../../commands/options.ts';
import type { TypedLine } from '../../core/completion/typed-line.ts';
import { parseLoosely } from '../args/args.ts';
import { optionHelp } from '../args/help.ts';

export interface Completion {
  readonly word: string;
  readonly description: string;
}

export type Choice =
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  | { readonly kind: 'words'; readonly candidates: readonly Completion[] }
  | ModelChoice;

export interface ModelChoice {
  readonly kind: 'models';
  readonly which: ModelKind;
  /** Models that are in the line already. */
  readonly given: readonly string[];
  readonly options: ParsedOptions;
}

const NOTHING: Choice = words([]);

/** What the word that is being typed can be; `filledIn` is the command that the program's name contains. */
export function chooseCompletion(line: TypedLine, filledIn: CommandDefinition | undefined): Choice {
  if (line.isRedirection) return { kind: 'files' };
  const before = readBefore(line.words, filledIn);
  const { name, operands, isEnded } = before;
  if (before.open !== undefined) return valueOf(before.open);
  if (!isEnded && line.current.startsWith('-')) {
    const option = /^--([a-z-]+)=/.exec(line.current)?.[1];
    return option === undefined ? optionsOf(before) : valueOf(option);
  }
  if (name === undefined || (name === 'help' && operands.length === 0)) {
    const candidates = COMMANDS.map((each) => ({ word: each.name, description: each.summary }));
    return { kind: 'words', candidates };
  }
  const command = findCommand(name);
  if (!command) return NOTHING;
  const { kind, most } = command.operands ?? { kind: [], most: 0 };
  if (operands.length >= most) return isEnded ? NOTHING : optionsOf(before);
  if (typeof kind !== 'string') return words(kind);
  if (kind === 'files' || kind === 'folders') return { kind };
  return { kind: 'models', which: kind, given: operands, options: before.options };
}

interface Before {
  readonly name: string | undefined;
  readonly operands: readonly string[];
  readonly options: ParsedOptions;
  /** An option whose value is missing. */
  readonly open: string | undefined;
  /** Whether the line contains `--`. */
  readonly isEnded: boolean;
}

function readBefore(args: readonly string[], filledIn: CommandDefinition | undefined): Before {
  const { values, positionals, tokens } = parseLoosely(args);
  const [name, ...operands] = filledIn === undefined ? positionals : [filledIn.name, ...positionals];
  const last = tokens.at(-1);
  const isOpen = last?.kind === 'option' && last.value === undefined && takesValue(last.name);
  return {
    name,
    operands,
    options: values,
    open: isOpen ? last.name : undefined,
    isEnded: tokens.some(({ kind }) => kind === 'option-terminator'),
  };
}

function takesValue(name: string): boolean {
  return Object.hasOwn(OPTIONS, name) && (OPTIONS[name as OptionName] as OptionSpec).value !== undefined;
}

function valueOf(option: string): Choice {
  if (option === 'file' || option === 'forget-root') return { kind: 'files' };
  return option === 'models-dir' ? { kind: 'folders' } : NOTHING;
}

function optionsOf({ name, options }: Before): Choice {
  const command = findCommand(name ?? '');
  const left = [...(command?.options ?? []), ...GLOBAL_OPTIONS].filter((option) => options[option] === undefined);
  return {
    kind: 'words',
    candidates: left.map((option) => ({ word: `--${option}`, description: optionHelp(option, command) })),
  };
}

function words(names: readonly string[]): Choice {
  return { kind: 'words', candidates: names.map((word) => ({ word, description: '' })) };
}
