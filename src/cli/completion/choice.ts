import { parseArgs } from 'node:util';
import { SCRIPTS } from '../../core/completion/scripts.ts';
import type { TypedLine } from '../../core/completion/typed-line.ts';
import { SNIPPETS } from '../../core/hooks/snippets.ts';
import { ALL_OPTIONS, parseConfig, type ParsedOptions } from '../args/args.ts';
import { type CommandName, COMMANDS, type CommandSpec, isCommand } from '../args/command-table.ts';
import { optionHelp } from '../args/help.ts';
import { GLOBAL_OPTIONS, type OptionName, OPTIONS, type OptionSpec } from '../args/option-table.ts';

export interface Completion {
  readonly word: string;
  readonly description: string;
}

/** Which models can stand in a place. */
export type ModelKind = 'all' | 'active' | 'downloaded' | 'known';

/** What the word that is being typed can be. */
export type Choice =
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  | { readonly kind: 'words'; readonly candidates: readonly Completion[] }
  | ModelChoice;

export interface ModelChoice {
  readonly kind: 'models';
  readonly which: ModelKind;
  /** Models that stand in the line already. */
  readonly given: readonly string[];
  readonly options: ParsedOptions;
}

/** What each command takes; a word that is none of these kinds can't be guessed. */
const OPERANDS = {
  download: 'all',
  add: 'all',
  remove: 'active',
  verify: 'downloaded',
  why: 'known',
  path: 'known',
  env: 'known',
  identify: 'files',
  push: 'folders',
  hook: words(Object.keys(SNIPPETS)),
  completions: words(Object.keys(SCRIPTS)),
  sync: 'nothing',
  prune: 'nothing',
  watch: 'nothing',
  list: 'nothing',
  check: 'nothing',
  doctor: 'nothing',
  lock: 'nothing',
  init: 'nothing',
} as const satisfies Record<CommandName, ModelKind | 'files' | 'folders' | 'nothing' | Choice>;

const NOTHING: Choice = words([]);

/** What can stand in the place of the word that is being typed; `filledIn` is the command that the program's name says. */
export function chooseCompletion(line: TypedLine, filledIn: CommandName | undefined): Choice {
  if (line.isRedirection) return { kind: 'files' };
  const before = readBefore(line.words, filledIn);
  const { command, operands, isEnded } = before;
  if (before.open !== undefined) return valueOf(before.open);
  if (!isEnded && line.current.startsWith('-')) {
    const option = /^--([a-z-]+)=/.exec(line.current)?.[1];
    return option === undefined ? optionsOf(before) : valueOf(option);
  }
  if (command === undefined || (command === 'help' && operands.length === 0)) {
    return { kind: 'words', candidates: Object.entries<CommandSpec>(COMMANDS).map(commandCandidate) };
  }
  if (!isCommand(command)) return NOTHING;
  const kind = OPERANDS[command];
  if (kind === 'nothing' || operands.length >= COMMANDS[command].most) return isEnded ? NOTHING : optionsOf(before);
  if (typeof kind !== 'string') return kind;
  if (kind === 'files' || kind === 'folders') return { kind };
  return { kind: 'models', which: kind, given: operands, options: before.options };
}

interface Before {
  /** As it was typed. */
  readonly command: string | undefined;
  readonly operands: readonly string[];
  readonly options: ParsedOptions;
  /** An option that still wants its value. */
  readonly open: string | undefined;
  /** Whether there was a `--`. */
  readonly isEnded: boolean;
}

function readBefore(args: readonly string[], filledIn: CommandName | undefined): Before {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: parseConfig(ALL_OPTIONS),
    strict: false,
    tokens: true,
  });
  const [command, ...operands] = filledIn === undefined ? positionals : [filledIn, ...positionals];
  const last = tokens.at(-1);
  const isOpen = last?.kind === 'option' && last.value === undefined && takesValue(last.name);
  return {
    command,
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

function optionsOf({ command, options }: Before): Choice {
  const known = command !== undefined && isCommand(command) ? command : undefined;
  const own: readonly OptionName[] = known === undefined ? [] : COMMANDS[known].options;
  const left = [...own, ...GLOBAL_OPTIONS].filter((name) => options[name] === undefined);
  return {
    kind: 'words',
    candidates: left.map((name) => ({ word: `--${name}`, description: optionHelp(name, known) })),
  };
}

function commandCandidate([word, { summary }]: readonly [string, CommandSpec]): Completion {
  return { word, description: summary };
}

function words(names: readonly string[]): Choice {
  return { kind: 'words', candidates: names.map((word) => ({ word, description: '' })) };
}
