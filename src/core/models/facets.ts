import { shortName } from './name.ts';

/** What the name of a model says about it; `undefined` where it says nothing. */
export interface Facets {
  /** `tiny`, `large-v3-turbo`. */
  readonly sizeClass: string | undefined;
  /** English alone, or many languages. */
  readonly language: 'en' | 'multi' | undefined;
  readonly quantisation: string | undefined;
  /** What it takes while it runs, as upstream states it. */
  readonly memory: string | undefined;
}

const NAME = /^((?:tiny|base|small|medium|large)(?:-v\d)?(?:-turbo)?)(\.en)?(-tdrz)?(?:-(q\d_\w))?$/;

/**
 * The table "Memory usage" in the README of whisper.cpp (https://github.com/ggml-org/whisper.cpp), which is of the files that are
 * not quantised and names these five sizes alone: nothing is stated of turbo and of quantised files.
 */
const MEMORY: ReadonlyMap<string, string> = new Map([
  ['tiny', '~273 MB'],
  ['base', '~388 MB'],
  ['small', '~852 MB'],
  ['medium', '~2.1 GB'],
  ['large-v1', '~3.9 GB'],
  ['large-v2', '~3.9 GB'],
  ['large-v3', '~3.9 GB'],
]);

/** Reads the name of a model file as upstream makes them: size, language, quantisation. */
export function facetsOf(file: string): Facets {
  const [, sizeClass, english, diarizing, quantised] = NAME.exec(shortName(file)) ?? [];
  if (sizeClass === undefined)
    return { sizeClass: undefined, language: undefined, quantisation: undefined, memory: undefined };
  return {
    sizeClass,
    language: english === undefined ? 'multi' : 'en',
    quantisation: quantised ?? 'f16',
    memory: quantised === undefined && diarizing === undefined ? MEMORY.get(sizeClass) : undefined,
  };
}
