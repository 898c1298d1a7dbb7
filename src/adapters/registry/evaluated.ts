import { realpathSync } from 'node:fs';
import { WhisperError } from '../../core/errors.ts';
import { computedWithoutNix, flakeNeedsNix } from '../../core/messages/evaluation.ts';
import { commentedEntries } from '../../core/registry/edit/edit.ts';
import { editableLists } from '../../core/registry/edit/step.ts';
import type { Computed } from '../../core/registry/list.ts';
import { evaluatedSources } from '../../core/registry/sources/read-sources.ts';
import { DEFAULT_ATTR, readStatically } from '../../core/registry/read-registry.ts';
import { noList } from '../../core/registry/search/unreachable.ts';
import {
  asEvaluated,
  computedError,
  type Reading,
  type ReadOptions,
  type Registry,
} from '../../core/registry/registry.ts';
import { NixFailed, evaluationError, requireStrings } from '../nix/evaluate.ts';
import { computedSettings, requireOther, targetsOf, withAnswers } from './evaluated-settings.ts';
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
  const { file, text, target, attrpath } = reading;
  if (!nix) throw computedError(reading, computed, 'no-eval');
  if (!target) throw computedError(reading, computed, 'odd-binding');
  log('asking nix', { file, why: computedError(reading, computed).message });
  const settings = computedSettings(reading, options);
  try {
    const answers = await nix.ask({ file: realpathSync(file), list: target, ...targetsOf(settings) }, attrpath);
    if (answers.list?.kind === 'missing') throw noList(file, attrpath, text);
    const registry = asEvaluated(reading, requireStrings(answers.list, reading));
    return withAnswers(registry, answers);
  } catch (error) {
    if (error instanceof NixFailed) requireOther(error, reading, settings);
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
    const unread = { value: [], binding, isHidden: false, modelsDir: undefined, sources: undefined, target: undefined };
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
    modelsDir: UNKNOWN,
    sources: /\bmodelSources\b/.test(text) ? { ...UNKNOWN, isCertain: true } : undefined,
  };
  try {
    const question = {
      file: realpathSync(file),
      list: whole(parseAttrpath(attr)),
      modelsDir: options.wantsModelsDir ? whole(['modelsDir']) : undefined,
      ...(options.wantsSources && { sources: whole(['modelSources']) }),
    };
    const { list, modelsDir, sources } = await nix.ask(question, attr);
    // Nix may have read the file itself, so it must still have the same text.
    if (readText(file) !== text) throw savedDuringEvaluation(file);
    if (list?.kind === 'missing') throw error;
    const evaluated = asEvaluated(unread, requireStrings(list, unread));
    // As for the models directory: a name that is only bound in a `let` is not found, and stays unknown.
    const declared = sources && sources.kind !== 'missing';
    const found = declared ? evaluatedSources(sources, { ...UNKNOWN, isCertain: true }, unread) : unread.sources;
    const registry = { ...evaluated, sources: found };
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

const UNKNOWN = {
  computed: { start: 0, end: 0, reason: 'and the parser that would find it is missing' },
  target: undefined,
} as const;
