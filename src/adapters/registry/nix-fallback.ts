import { realpathSync } from 'node:fs';
import { WhisperError } from '../../core/errors.ts';
import type { Target } from '../../core/evaluation/target.ts';
import { savedDuringEvaluation } from '../../core/messages/busy.ts';
import { listNotInResult } from '../../core/messages/evaluation.ts';
import { checkSyntax } from '../../core/nix/parser.ts';
import { LimitExceeded } from '../../core/nix/problems.ts';
import { parseAttrpath } from '../../core/registry/attrset-bindings.ts';
import { DEFAULT_ATTR } from '../../core/registry/read-registry.ts';
import { asEvaluated, type Reading, type Registry } from '../../core/registry/registry.ts';
import { findDamage } from '../../core/registry/syntax.ts';
import { NixFailed } from '../nix/evaluate.ts';
import { evaluationError, requireStrings } from '../nix/evaluation-error.ts';
import { readText } from './find-registry.ts';
import type { OpenOptions } from './open-options.ts';

/**
 * Opens a registry that could not be parsed: the parser is missing, does not know the syntax, or the text is too large for it.
 * Nix evaluates the attribute of the file's result. Names that are only bound in a `let`, and the places of all entries,
 * stay unknown. Throws the given error again where Nix cannot help.
 */
export async function openByNix(text: string, options: OpenOptions, error: unknown): Promise<Registry> {
  const { file, nix, attr = DEFAULT_ATTR, log } = options;
  const isParserMissing = error instanceof WhisperError && error.code === 'parser-missing';
  const isBeyondReader = error instanceof WhisperError && (error.code === 'registry-syntax' || isLimit(error.cause));
  const mayHelp = isParserMissing || isBeyondReader;
  if (!nix || !mayHelp) throw error;
  log('asking nix', { file, why: error.message });
  const known = isParserMissing && isAccepted(text) ? text : undefined;
  const whole = (path: readonly string[]): Target => ({ text: known, path, isBody: false });
  const unread: Reading = {
    file,
    text,
    attrpath: attr,
    value: [],
    binding: { start: 0, end: 0 },
    isHidden: false,
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
    if (list?.kind === 'missing') throw isParserMissing ? listNotInResult(error, attr) : error;
    const registry = asEvaluated(unread, requireStrings(list, unread));
    if (modelsDir?.kind === 'string') return { ...registry, modelsDir: { value: modelsDir.string } };
    // The result has none; one that is only bound in a `let` would be named in the text.
    const isNowhere = modelsDir?.kind === 'missing' && !/\bmodelsDir\b/.test(text);
    return isNowhere ? { ...registry, modelsDir: undefined } : registry;
  } catch (cause) {
    if (cause instanceof WhisperError && cause.code === 'nix-missing') throw error;
    if (!(cause instanceof NixFailed)) throw cause;
    const code = cause.failure.isInModelsDir ? 'models-dir-unknown' : 'registry-eval';
    throw isParserMissing ? evaluationError(code, cause, unread, undefined) : error;
  }
}

/** Whether the text is valid Nix, checked without the parser. */
function isAccepted(text: string): boolean {
  try {
    return findDamage(text) === undefined && checkSyntax(text) === undefined;
  } catch (error) {
    if (isLimit(error)) return false;
    throw error;
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
