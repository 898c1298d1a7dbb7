import { realpathSync } from 'node:fs';
import { WhisperError } from '../../core/errors.ts';
import type { Answer } from '../../core/evaluation/answer.ts';
import { computedWithoutNix, flakeNeedsNix } from '../../core/messages/evaluation.ts';
import { commentedEntries } from '../../core/registry/edit/edit.ts';
import { editableLists } from '../../core/registry/edit/step.ts';
import type { Computed } from '../../core/registry/list.ts';
import { DEFAULT_ATTR, noList, readStatically } from '../../core/registry/read-registry.ts';
import {
  asEvaluated,
  computedError,
  type Reading,
  type ReadOptions,
  type Registry,
} from '../../core/registry/registry.ts';
import { NixFailed } from '../nix/evaluate.ts';
import { evaluationError, requirePath, requireStrings } from '../nix/evaluation-error.ts';
import { parseNix } from './parser.ts';
import { type OpenOptions, textOptions } from './open-options.ts';

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
    if (error instanceof NixFailed) throw evaluationError('registry-eval', error, reading, computed);
    if (!(error instanceof WhisperError) || error.code !== 'nix-missing') throw error;
    throw computedWithoutNix(computedError(reading, computed), error);
  }
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
    return readStatically(parseNix(text), text, textOptions(options));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    const binding = { start: 0, end: 0 };
    const unread = { value: [], binding, isHidden: false, modelsDir: undefined, target: undefined };
    return { file: options.file, text, attrpath: DEFAULT_ATTR, ...unread };
  }
}

/** The entries in commented lines of a registry's list; none where the file cannot be read without Nix. */
export function readCommented(options: ReadOptions, text: string): ReadonlySet<string> {
  try {
    const reading = readStatically(parseNix(text), text, options);
    return new Set(commentedEntries(text, editableLists(reading)));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    return new Set();
  }
}
