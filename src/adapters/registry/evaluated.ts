import { realpathSync } from 'node:fs';
import { WhisperError } from '../../core/errors.ts';
import type { Answer } from '../../core/evaluation/answer.ts';
import { computedWithoutNix, flakeNeedsNix } from '../../core/messages/evaluation.ts';
import { commentedEntries } from '../../core/registry/edit/edit.ts';
import { editableLists } from '../../core/registry/edit/step.ts';
import type { Computed } from '../../core/registry/list.ts';
import { DEFAULT_ATTR, readStatically } from '../../core/registry/read-registry.ts';
import { noList } from '../../core/registry/search/unreachable.ts';
import {
  asEvaluated,
  computedError,
  type Reading,
  type ReadOptions,
  type Registry,
} from '../../core/registry/registry.ts';
import { NixFailed, evaluationError, requirePath, requireStrings } from '../nix/evaluate.ts';
import { parseNix } from './parser.ts';
import { type OpenOptions, textOptions } from './open-options.ts';
import type { Target } from '../../core/evaluation/target.ts';
import { savedDuringEvaluation } from '../../core/messages/busy.ts';
import { LimitExceeded } from '../../core/nix/problems.ts';
import { parseAttrpath } from '../../core/registry/attrset-bindings.ts';
import { readText } from './find-registry.ts';

// Registries that need Nix to evaluate. Loaded only for those: most lists are plain.

export async function openComputed(reading: Reading, computed: Computed, options: OpenOptions): Promise<Registry> {
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
    if (error instanceof NixFailed)
      throw evaluationError('registry-eval', await advised(error, reading, computed, options), reading, computed);
    if (!(error instanceof WhisperError) || error.code !== 'nix-missing') throw error;
    throw computedWithoutNix(computedError(reading, computed), error);
  }
}

/** A failure because of arguments, with what the flake of the project can do about it. */
async function advised(
  error: NixFailed,
  reading: Reading,
  { change }: Computed,
  { cwd }: OpenOptions,
): Promise<NixFailed> {
  if (error.failure.needsArguments !== true) return error;
  if (change !== undefined) return new NixFailed({ ...error.failure, hint: change });
  const { flakeAdvice } = await import('./flake-advice.ts');
  return new NixFailed({ ...error.failure, hint: flakeAdvice(reading, cwd) ?? error.failure.hint });
}

/** Adds a computed models directory to a registry with a plain list. */
export async function withModelsDir(registry: Registry, { nix, log, file }: OpenOptions): Promise<Registry> {
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

function withAnswer(registry: Registry, answer: Answer | undefined): Registry {
  const { modelsDir } = registry;
  if (!answer || !modelsDir || !('computed' in modelsDir)) return registry;
  const value = requirePath(answer, registry, modelsDir);
  return { ...registry, modelsDir: value === undefined ? undefined : { value } };
}

export async function openFlake(text: string, options: OpenOptions, reference: string): Promise<Registry> {
  const { nix, log, file, cwd } = options;
  if (!nix) throw flakeNeedsNix(reference);
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

function readBeside(text: string, options: OpenOptions): Reading {
  try {
    return readStatically(parseNix, text, textOptions(options));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    const binding = { start: 0, end: 0 };
    const unread = { value: [], binding, isHidden: false, modelsDir: undefined, target: undefined };
    return { file: options.file, text, attrpath: DEFAULT_ATTR, condition: undefined, uses: new Map(), ...unread };
  }
}

/** The entries in commented lines of a registry's list; none where the file cannot be read without Nix. */
export function readCommented(options: ReadOptions, text: string): readonly string[] {
  try {
    const reading = readStatically(parseNix, text, options);
    return commentedEntries(text, editableLists(reading));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    return [];
  }
}

/**
 * Opens a registry that could not be parsed: the parser does not know the syntax, or the text is too large for it.
 * Nix evaluates the attribute of the file's result. Names that are only bound in a `let`, and the places of all entries,
 * stay unknown. Throws the given error again where Nix cannot help.
 */
export async function openByNix(text: string, options: OpenOptions, error: unknown): Promise<Registry> {
  const { file, nix, attr = DEFAULT_ATTR, log } = options;
  const isBeyondReader = error instanceof WhisperError && (error.code === 'registry-syntax' || isLimit(error.cause));
  if (!nix || !isBeyondReader) throw error;
  log('asking nix', { file, why: error.message });
  const whole = (path: readonly string[]): Target => ({ text: undefined, path, isBody: false });
  const unread: Reading = {
    file,
    text,
    attrpath: attr,
    value: [],
    binding: { start: 0, end: 0 },
    isHidden: false,
    condition: undefined,
    uses: new Map(),
    target: undefined,
    modelsDir: UNKNOWN_DIR,
  };
  try {
    const question = {
      file: realpathSync(file),
      list: whole(parseAttrpath(attr)),
      modelsDir: options.wantsModelsDir ? whole(['modelsDir']) : undefined,
    };
    const { list, modelsDir } = await nix.ask(question, attr);
    // Nix may have read the file itself, so it must still have the same text.
    if (readText(file) !== text) throw savedDuringEvaluation(file);
    if (list?.kind === 'missing') throw error;
    const registry = asEvaluated(unread, requireStrings(list, unread));
    if (modelsDir?.kind === 'string') return { ...registry, modelsDir: { value: modelsDir.string } };
    // The result has none; one that is only bound in a `let` would be named in the text.
    const isNowhere = modelsDir?.kind === 'missing' && !/\bmodelsDir\b/.test(text);
    return isNowhere ? { ...registry, modelsDir: undefined } : registry;
  } catch (cause) {
    if (cause instanceof WhisperError && cause.code === 'nix-missing') throw error;
    throw cause instanceof NixFailed ? error : cause;
  }
}

/** Whether an error means that the text is too large or nested too deeply for the reader. */
function isLimit(cause: unknown): boolean {
  return cause instanceof LimitExceeded || cause instanceof RangeError;
}

const UNKNOWN_DIR = {
  computed: { start: 0, end: 0, reason: 'and the parser that would find it is missing' },
  target: undefined,
} as const;
