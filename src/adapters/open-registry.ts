import { realpathSync } from 'node:fs';
import { WhisperError } from '../core/errors.ts';
import { computedWithoutNix, flakeWithoutNix } from '../core/messages/evaluation.ts';
import type { Answer } from '../core/evaluation/answer.ts';
import { isComputed, type Computed } from '../core/registry/list.ts';
import { DEFAULT_ATTR, noList, readStatically } from '../core/registry/read-registry.ts';
import { asEvaluated, asRegistry, computedError, type ReadOptions } from '../core/registry/registry.ts';
import type { Reading, Registry } from '../core/registry/registry.ts';
import { readSameButList } from '../core/registry/same-but-list.ts';
import { evaluationError, requirePath, requireStrings } from './evaluation-error.ts';
import { NixFailed, type Nix } from './nix.ts';
import { openUnread } from './open-unread.ts';
import { parseNix } from './parser.ts';
import { readText } from './registry-file.ts';

export interface OpenOptions extends ReadOptions {
  /** Who is asked where the text alone does not tell; `undefined`: nobody. */
  readonly nix: Nix | undefined;
  /** Whether the value of `modelsDir` is needed too. */
  readonly wantsModelsDir: boolean;
  /** The folder that a relative flake reference is meant from. */
  readonly cwd: string;
  /** What texts that were read before say, for who reads many files and needs nothing but their lists. */
  readonly seen?: Reading[];
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * Reads a registry by its text, and asks Nix for what that does not tell. Throws a `WhisperError` of exit code 3 where the
 * list cannot be told for certain.
 */
export async function openRegistry(options: OpenOptions): Promise<Registry> {
  const text = readText(options.file);
  if (isFlakeReference(options.attr)) return openFlake(text, options, options.attr);
  let reading: Reading;
  try {
    const known = readBySeen(text, options);
    if (known) return known;
    reading = readStatically(parseNix(text), text, options);
    if (options.attr === undefined && (options.seen?.length ?? 0) < MOST_SEEN) options.seen?.push(reading);
  } catch (error) {
    return openUnread(text, options, error);
  }
  const registry = asRegistry(reading);
  const { modelsDir } = reading;
  const isDirComputed = options.wantsModelsDir && modelsDir !== undefined && 'computed' in modelsDir;
  if (!isComputed(registry)) return isDirComputed ? withModelsDir(registry, options) : registry;
  return openComputed(reading, registry, options);
}

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
  return attr?.includes('#') === true;
}

/** The options for reading the text alone: a flake's output is looked for under the usual name. */
export function textOptions({ file, attr, environment }: ReadOptions): ReadOptions {
  return { file, environment, attr: isFlakeReference(attr) ? undefined : attr };
}

async function openComputed(reading: Reading, computed: Computed, options: OpenOptions): Promise<Registry> {
  const { nix, log } = options;
  const { file, text, target, modelsDir, attrpath } = reading;
  if (!nix) throw computedError(reading, computed, 'no-eval');
  if (!target) throw computedError(reading, computed, 'odd-binding');
  log('asking nix', { file, why: computedError(reading, computed).message });
  const wantsDir = options.wantsModelsDir && modelsDir !== undefined && 'computed' in modelsDir;
  const question = { file: realpathSync(file), list: target, modelsDir: wantsDir ? modelsDir.target : undefined };
  try {
    const answers = await nix.ask(question, attrpath);
    if (answers.list?.kind === 'missing') throw noList(file, attrpath, text);
    const registry = asEvaluated(reading, requireStrings(answers.list, reading));
    return withAnswer(registry, answers.modelsDir);
  } catch (error) {
    if (error instanceof NixFailed && error.failure.isInModelsDir && wantsDir)
      throw evaluationError('models-dir-unknown', error, reading, modelsDir.computed);
    if (error instanceof NixFailed) throw evaluationError('registry-eval', error, reading, computed);
    if (!(error instanceof WhisperError) || error.code !== 'nix-missing') throw error;
    throw computedWithoutNix(computedError(reading, computed), error);
  }
}

/** The list is plain, the models directory is not. */
async function withModelsDir(registry: Registry, { nix, log, file }: OpenOptions): Promise<Registry> {
  const { modelsDir, attrpath } = registry;
  if (!modelsDir || !('computed' in modelsDir) || !modelsDir.target || !nix) return registry;
  log('asking nix', { file, why: `modelsDir is computed, ${modelsDir.computed.reason}` });
  try {
    const question = { file: realpathSync(file), list: undefined, modelsDir: modelsDir.target };
    const answers = await nix.ask(question, attrpath);
    return withAnswer(registry, answers.modelsDir);
  } catch (error) {
    if (error instanceof NixFailed) throw evaluationError('models-dir-unknown', error, registry, modelsDir.computed);
    // Without Nix, the models directory may still be given by an option; the message is that of the session.
    if (error instanceof WhisperError && error.code === 'nix-missing') return registry;
    throw error;
  }
}

/** The registry with what Nix says of its `modelsDir`, if it was asked. */
function withAnswer(registry: Registry, answer: Answer | undefined): Registry {
  const { modelsDir } = registry;
  if (!answer || !modelsDir || 'value' in modelsDir) return registry;
  const value = requirePath(answer, registry, modelsDir);
  return { ...registry, modelsDir: value === undefined ? undefined : { value } };
}

async function openFlake(text: string, options: OpenOptions, reference: string): Promise<Registry> {
  const { nix, log, file, cwd } = options;
  if (!nix) throw flakeWithoutNix(reference);
  log('asking nix', { file, why: reference });
  const reading = readBeside(text, options);
  try {
    const strings = requireStrings(await nix.askFlake(reference, cwd), { ...reading, attrpath: reference });
    return { ...asEvaluated(reading, strings), attrpath: reference };
  } catch (error) {
    if (!(error instanceof NixFailed)) throw error;
    throw evaluationError('registry-eval', error, { ...reading, attrpath: reference }, undefined);
  }
}

/** What the file beside a flake says of places and of `modelsDir`, if it can be read. */
function readBeside(text: string, options: OpenOptions): Reading {
  try {
    return readStatically(parseNix(text), text, textOptions(options));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    const binding = { start: 0, end: 0 };
    const unread = { value: [], binding, isHidden: false, modelsDir: undefined, target: undefined };
    return { file: options.file, text, attrpath: DEFAULT_ATTR, ...unread };
  }
}
