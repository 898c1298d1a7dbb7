import { shortName } from './names.ts';

/** How large a model for speech is, whatever its language and quantisation. */
export type SizeClass = 'tiny' | 'base' | 'small' | 'medium' | 'large turbo' | 'large' | 'parakeet';

export interface Advice {
  readonly threads: number;
  /** Seconds of audio to collect for each run of a live transcription; `undefined`: nothing is known. */
  readonly bufferSeconds: number | undefined;
}

// Most threads: a small model has too little work for many (ggml-org/whisper.cpp#137 and #200).
//
// Seconds: the encoder takes as long for a second of audio as for thirty, so that a run has to bring as much audio as it takes
// time. The example `stream` of whisper.cpp runs base.en every 3 s by default. On the machine where it was made
// to run base.en every 0.5 s, medium.en was run every 1.5 s and large every 2.5 s (its README, ggml-org/whisper.cpp#141): three
// times and five times as long. The others are in between; turbo has the encoder of large and a short decoder.
const ADVICE: Readonly<Record<SizeClass, Advice>> = {
  tiny: { threads: 4, bufferSeconds: 2 },
  base: { threads: 6, bufferSeconds: 3 },
  small: { threads: 8, bufferSeconds: 5 },
  medium: { threads: 8, bufferSeconds: 9 },
  'large turbo': { threads: 8, bufferSeconds: 12 },
  large: { threads: 8, bufferSeconds: 15 },
  // Its encoder takes audio of any length.
  parakeet: { threads: 8, bufferSeconds: undefined },
};

/** As many threads as whisper.cpp takes by itself, where there are the cores for it. */
const USUAL_THREADS = 4;
/** Cores for the rest of the machine: all threads wait for the slowest at every step. */
const SPARED_CORES = 2;

/** What to run a model with on so many cores; `size` in bytes. `undefined`: the model is not for speech, or nothing is known. */
export function adviceFor(name: string, size: number | undefined, cores: number): Advice | undefined {
  const sizeClass = sizeClassOf(name, size);
  if (sizeClass === undefined) return undefined;
  const { threads, bufferSeconds } = ADVICE[sizeClass];
  const usable = Math.max(Math.min(cores, USUAL_THREADS), cores - SPARED_CORES);
  return { threads: Math.min(threads, usable), bufferSeconds };
}

/** The class by the words of a name; for any other name, by the bytes of the file. */
export function sizeClassOf(name: string, size: number | undefined): SizeClass | undefined {
  if (isForVoiceActivity(name)) return undefined;
  const words = shortName(name).toLowerCase().split(/[._-]/);
  if (words.includes('parakeet')) return 'parakeet';
  if (words.includes('turbo')) return 'large turbo';
  const named = NAMED.find((each) => words.includes(each));
  // Of the distilled models, too, only the decoder is short.
  if (named === 'large' && words.includes('distil')) return 'large turbo';
  if (named !== undefined) return named;
  if (size === undefined) return undefined;
  return BOUNDS.find(([most]) => size < most)?.[1] ?? 'large';
}

/** Whether a model finds speech (voice activity) and cannot transcribe it: the published ones are called `silero-v…`. */
export function isForVoiceActivity(name: string): boolean {
  const words = shortName(name).toLowerCase().split(/[._-]/);
  return words.includes('silero') || words.includes('vad');
}

const NAMED = ['tiny', 'base', 'small', 'medium', 'large'] as const satisfies readonly SizeClass[];

/** Halfway between the published files of 16 bits; one that is quantised counts as a smaller one here. */
const BOUNDS = [
  [110e6, 'tiny'],
  [270e6, 'base'],
  [870e6, 'small'],
  [2.2e9, 'medium'],
] as const satisfies readonly (readonly [number, SizeClass])[];

interface Facets {
  readonly sizeClass: string | undefined;
  readonly language: 'en' | 'multi' | undefined;
  readonly quantisation: string | undefined;
  /** What it takes while it runs, as upstream states it. */
  readonly memory: string | undefined;
}

const NAME =
  /^((?:distil-)?(?:tiny|base|small|medium|large)(?:-v\d(?:\.\d)?)?(?:-turbo)?)(\.en)?(-tdrz)?(?:-(q\d_\w|f32))?$/;
const PARAKEET = /^(parakeet)-tdt-[\w.]+-v(\d)-(q\d_\w|f16|f32)$/;

// "Memory usage" in the README of whisper.cpp (https://github.com/ggml-org/whisper.cpp): only these five sizes, not
// quantised; nothing is stated of turbo and of quantised files.
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
  const name = shortName(file);
  const parakeet = PARAKEET.exec(name);
  // The second version knows English only.
  if (parakeet) return facets('parakeet', parakeet[2] === '2', parakeet[3] ?? 'f16', undefined);
  const [, sizeClass, english, diarizing, quantised] = NAME.exec(name) ?? [];
  if (sizeClass === undefined)
    return { sizeClass: undefined, language: undefined, quantisation: undefined, memory: undefined };
  // The distilled models were made from English alone.
  const isEnglish = english !== undefined || sizeClass.startsWith('distil-');
  const memory = quantised === undefined && diarizing === undefined ? MEMORY.get(sizeClass) : undefined;
  return facets(sizeClass, isEnglish, quantised ?? 'f16', memory);
}

function facets(sizeClass: string, isEnglish: boolean, quantisation: string, memory: string | undefined): Facets {
  return { sizeClass, language: isEnglish ? 'en' : 'multi', quantisation, memory };
}

/** The program of whisper.cpp that runs a model for speech. */
export function programFor(name: string): 'whisper-cli' | 'parakeet-cli' {
  return sizeClassOf(name, undefined) === 'parakeet' ? 'parakeet-cli' : 'whisper-cli';
}

/** The options of `whisper-cli` before the path of a voice-activity model. */
export const VOICE_ACTIVITY_OPTIONS = '--vad --vad-model';
