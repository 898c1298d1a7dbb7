import { isAttrpath } from '../core/registry/attrpath.ts';
import { isComputed } from '../core/registry/list.ts';
import { readStatically } from '../core/registry/read-registry.ts';
import { asRegistry, type Reading, type ReadOptions, type Registry } from '../core/registry/registry.ts';
import { readSameButList } from '../core/registry/same-but-list.ts';
import type { Nix } from './nix.ts';
import { parseNix } from './parser.ts';
import { isBeingOverwritten, readText } from './registry-file.ts';
import { takeTurn } from './turn.ts';

export interface OpenOptions extends ReadOptions {
  /** Who is asked where the text alone does not tell; `undefined`: nobody. */
  readonly nix: Nix | undefined;
  /** Whether the value of `modelsDir` is needed too. */
  readonly wantsModelsDir: boolean;
  /** The folder that a relative flake reference is meant from. */
  readonly cwd: string;
  /** What texts that were read before say, for who reads many files and needs nothing but their lists. */
  readonly seen?: Reading[];
  /** Ends what is opened. */
  readonly signal: AbortSignal;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * Reads a registry by its text, and asks Nix for what that does not tell. Throws a `WhisperError` of exit code 3 where the
 * list cannot be told for certain.
 */
export async function openRegistry(options: OpenOptions): Promise<Registry> {
  const text = await readComplete(options.file);
  if (isFlakeReference(options.attr))
    return (await import('./open-evaluated.ts')).openFlake(text, options, options.attr);
  let reading: Reading;
  try {
    const known = readBySeen(text, options);
    if (known) return known;
    reading = readStatically(parseNix(text), text, options);
    if (text.length > LONG) await takeTurn(options.signal);
    if (options.attr === undefined && (options.seen?.length ?? 0) < MOST_SEEN) options.seen?.push(reading);
  } catch (error) {
    return (await import('./open-unread.ts')).openUnread(text, options, error);
  }
  const registry = asRegistry(reading);
  const { modelsDir } = reading;
  const isDirComputed = options.wantsModelsDir && modelsDir !== undefined && 'computed' in modelsDir;
  if (!isComputed(registry) && !isDirComputed) return registry;
  const { openComputed, withModelsDir } = await import('./open-evaluated.ts');
  return isComputed(registry) ? openComputed(reading, registry, options) : withModelsDir(registry, options);
}

/** The text of a registry after an edit that is going on, or was cut off, is finished. */
async function readComplete(file: string): Promise<string> {
  const text = readText(file);
  // Asked after reading: an edit that began meanwhile is noticed too.
  if (!isBeingOverwritten(file)) return text;
  await (await import('./text-lock.ts')).finishEdit(file);
  return readText(file);
}

/** How many characters take so long to read that a signal may come in the meantime. */
const LONG = 16_384;

/** How many texts are remembered: each costs every file that is like none of them a look. */
const MOST_SEEN = 16;

/** What a text says by one that was read before, if it differs from that in the list alone. */
function readBySeen(text: string, { file, attr, seen = [] }: OpenOptions): Registry | undefined {
  if (attr !== undefined) return undefined;
  for (const known of seen) {
    const registry = readSameButList(known, file, text);
    if (registry) return registry;
  }
  return undefined;
}

/** `--attr` names a flake's output, like `.#lib.activeModels`, rather than a binding of the file. */
export function isFlakeReference(attr: string | undefined): attr is string {
  return attr?.includes('#') === true && !isAttrpath(attr);
}

/** The options for reading the text alone: a flake's output is looked for under the usual name. */
export function textOptions({ file, attr, environment }: ReadOptions): ReadOptions {
  return { file, environment, attr: isFlakeReference(attr) ? undefined : attr };
}
