import { realpathSync } from 'node:fs';
import { WhisperError } from '../../core/errors.ts';
import type { Answers } from '../../core/evaluation/answer.ts';
import type { Question } from '../../core/evaluation/question.ts';
import type { Computed } from '../../core/registry/list.ts';
import type { ModelsDirSetting } from '../../core/registry/models-dir.ts';
import type { Reading, Registry } from '../../core/registry/registry.ts';
import { evaluatedSources, type SourcesSetting } from '../../core/registry/sources/read-sources.ts';
import { evaluationError, NixFailed, requirePath } from '../nix/evaluate.ts';
import type { OpenOptions } from './open-options.ts';

// What a registry sets besides its list, evaluated by Nix.

/** Adds a computed models directory and computed sources to a registry with a plain list. */
export async function withSettings(registry: Registry, options: OpenOptions): Promise<Registry> {
  const { nix, log, file } = options;
  const settings = computedSettings(registry, options);
  const targets = targetsOf(settings);
  if (!nix || !(targets.modelsDir ?? targets.sources)) return registry;
  for (const [name, setting] of Object.entries(settings))
    if (setting) log('asking nix', { file, why: `${name} is computed, ${setting.computed.reason}` });
  try {
    const answers = await nix.ask({ file: realpathSync(file), list: undefined, ...targets }, registry.attrpath);
    return withAnswers(registry, answers);
  } catch (error) {
    if (error instanceof NixFailed) {
      requireOther(error, registry, settings);
      throw evaluationError('models-dir-unknown', error, registry, settings.modelsDir?.computed);
    }
    // Without Nix, the models directory may still be given by an option; the message is that of the session.
    if (error instanceof WhisperError && error.code === 'nix-missing') return registry;
    throw error;
  }
}

/**
 * Adds the sources of a computed part of a file whose text does not tell whether it has any. They may need arguments, which other
 * parts of the file do not: where Nix cannot evaluate them, there are none.
 */
export async function withPossibleSources(registry: Registry, { nix, log, file }: OpenOptions): Promise<Registry> {
  const { sources, attrpath } = registry;
  if (!nix || !sources || 'sources' in sources || sources.isCertain || !sources.target) return registry;
  log('asking nix', { file, why: `modelSources is computed, ${sources.computed.reason}` });
  try {
    const question = { file: realpathSync(file), list: undefined, modelsDir: undefined, sources: sources.target };
    return withAnswers(registry, await nix.ask(question, `${attrpath} modelSources`));
  } catch (error) {
    if (error instanceof NixFailed || (error instanceof WhisperError && error.code === 'nix-missing')) return registry;
    throw error;
  }
}

type ComputedDir = Extract<ModelsDirSetting, { readonly computed: Computed }>;
type ComputedSources = Extract<SourcesSetting, { readonly computed: Computed }>;

/** What besides the list is wanted and computed. */
interface ComputedSettings {
  readonly modelsDir: ComputedDir | undefined;
  readonly modelSources: ComputedSources | undefined;
}

export function computedSettings(
  { modelsDir, sources }: Pick<Registry, 'modelsDir' | 'sources'>,
  { wantsModelsDir, wantsSources }: OpenOptions,
): ComputedSettings {
  return {
    modelsDir: wantsModelsDir && modelsDir && 'computed' in modelsDir ? modelsDir : undefined,
    modelSources: wantsSources && sources && 'computed' in sources && sources.isCertain ? sources : undefined,
  };
}

export function targetsOf({ modelsDir, modelSources }: ComputedSettings): Pick<Question, 'modelsDir' | 'sources'> {
  return { modelsDir: modelsDir?.target, ...(modelSources?.target && { sources: modelSources.target }) };
}

/** Throws the error for a failure in the models directory or in the sources. */
export function requireOther(error: NixFailed, evaluated: Reading | Registry, settings: ComputedSettings): void {
  const { modelsDir, modelSources } = settings;
  if (error.failure.isInModelsDir && modelsDir)
    throw evaluationError('models-dir-unknown', error, evaluated, modelsDir.computed);
  if (error.failure.isInSources === true && modelSources)
    throw evaluationError('registry-bad-source', error, evaluated, modelSources.computed);
}

export function withAnswers(registry: Registry, { modelsDir: dir, sources: found }: Answers): Registry {
  const { modelsDir, sources } = registry;
  const value =
    dir && modelsDir && 'computed' in modelsDir ? { path: requirePath(dir, registry, modelsDir) } : undefined;
  return {
    ...registry,
    ...(value && { modelsDir: value.path === undefined ? undefined : { value: value.path } }),
    ...(found && sources && 'computed' in sources && { sources: evaluatedSources(found, sources, registry) }),
  };
}
