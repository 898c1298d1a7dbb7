import { withoutTilde } from '../../adapters/fs/user-folders.ts';
import { Nix } from '../../adapters/nix/nix.ts';
import type { Host } from '../../adapters/process/host.ts';
import type { ModelKind } from '../../commands/definition.ts';
import { commonOptions } from '../../commands/option-values.ts';
import type { ParsedOptions } from '../../commands/options.ts';
import { type KnownModel, knownModels } from '../../commands/session/known-models.ts';
import type { Context } from '../../commands/session/context.ts';
import { fileName, isModelFile, printable, shortName } from '../../core/catalogue/names.ts';
import { readTypedLine, type TypedLine } from '../../core/completion/typed-line.ts';
import { EXIT } from '../../core/errors.ts';
import { formatBytes } from '../../core/quantity.ts';
import { commandOf } from '../args/args.ts';
import { type Completion, chooseCompletion, type ModelChoice } from './choice.ts';

/** Prints candidates with descriptions after a tab, or `files` or `folders`, which the shell completes itself. */
export async function complete(host: Host): Promise<number> {
  try {
    host.stdout.write(await answer(host));
  } catch {
    // The user is typing: an error message would disturb, so nothing is offered.
  }
  return EXIT.done;
}

async function answer(host: Host): Promise<string> {
  const [, first, ...rest] = host.args;
  const line = first === '--line' ? readTypedLine(rest[1] ?? '') : lineOf(rest);
  const choice = chooseCompletion(line, commandOf(host.program));
  if (choice.kind === 'files' || choice.kind === 'folders') return `\t${choice.kind}\n`;
  const candidates = choice.kind === 'words' ? choice.candidates : await modelCandidates(host, choice, line.current);
  const fitting = candidates.filter(({ word }) => word.startsWith(line.current));
  // Shells other than bash also match the middle of a word.
  const shown = fitting.length > 0 || first === '--line' ? fitting : candidates;
  return shown.map(({ word, description }) => `${word.slice(line.cut)}\t${description}\n`).join('');
}

function lineOf(words: readonly string[]): TypedLine {
  return { words: words.slice(0, -1), current: words.at(-1) ?? '', cut: 0, isRedirection: false };
}

async function modelCandidates(
  host: Host,
  { which, given, options }: ModelChoice,
  current: string,
): Promise<readonly Completion[]> {
  const known = await knownModels(silent(host), commonOptions(withHome(host, options)));
  const taken = new Set(given.map((name) => fileName(name) ?? name));
  // A list can hold any string. One with control characters is unsafe in a shell, and some look like options.
  const isWord = (name: string): boolean => printable(name) === name && !isOption(name);
  const fitting = known.filter((model) => FITS[which](model) && !taken.has(model.name) && isWord(model.name));
  // Active models come last, because downloading one again is rarely wanted.
  const models = which === 'all' ? fitting.toSorted((a, b) => Number(a.active) - Number(b.active)) : fitting;
  const named = (nameOf: (file: string) => string): readonly Completion[] =>
    models.map((model) => ({ word: nameOf(model.name), description: describe(model) }));
  const short = named((file) => (isOption(shortName(file)) ? file : shortName(file)));
  const isFull = current.startsWith('ggml-') || !short.some(({ word }) => word.startsWith(current));
  const full = named((file) => file);
  return isFull && full.some(({ word }) => word.startsWith(current)) ? full : short;
}

const FITS: Readonly<Record<ModelKind, (model: KnownModel) => boolean>> = {
  all: ({ inCatalogue }) => inCatalogue,
  active: ({ active }) => active,
  downloaded: ({ downloaded }) => downloaded,
  known: ({ name, active, downloaded }) => isModelFile(name) && (active || downloaded),
};

function describe({ size, active, downloaded }: KnownModel): string {
  const parts = [size === undefined ? '' : formatBytes(size), active ? 'active' : '', downloaded ? 'downloaded' : ''];
  return parts.filter((part) => part !== '').join(', ');
}

function isOption(word: string): boolean {
  return word.startsWith('-');
}

/** The shell has not expanded a `~` in a line that is being typed. */
function withHome({ environment }: Host, options: ParsedOptions): ParsedOptions {
  const expanded = (['file', 'models-dir'] as const).flatMap((name) => {
    const value = options[name];
    return typeof value === 'string' ? [[name, withoutTilde(environment, value)] as const] : [];
  });
  return { ...options, ...Object.fromEntries(expanded) };
}

function silent(host: Host): Context {
  const nothing = (): void => undefined;
  const reporter = {
    notice: nothing,
    announce: nothing,
    progressBegin: async () => undefined,
    progress: nothing,
    progressEnd: nothing,
    waiting: nothing,
    log: nothing,
    aside: (write: () => void) => write(),
    status: nothing,
  };
  return { host, reporter, nix: new Nix(host) };
}
