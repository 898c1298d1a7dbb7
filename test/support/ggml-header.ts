/** The beginnings of ggml files, as the converters of whisper.cpp write them. */

/** The eleven numbers after the magic one, in their order. */
export interface Numbers {
  readonly vocabulary: number;
  readonly audioContext: number;
  readonly audioState: number;
  readonly audioHeads: number;
  readonly audioLayers: number;
  readonly textContext: number;
  readonly textState: number;
  readonly textHeads: number;
  readonly textLayers: number;
  readonly mels: number;
  readonly ftype: number;
}

const SHAPES: Readonly<Record<string, readonly [state: number, heads: number, audio: number, text: number]>> = {
  tiny: [384, 6, 4, 4],
  base: [512, 8, 6, 6],
  small: [768, 12, 12, 12],
  medium: [1024, 16, 24, 24],
  'large-v1': [1280, 20, 32, 32],
  'large-v2': [1280, 20, 32, 32],
  'large-v3': [1280, 20, 32, 32],
  'large-v3-turbo': [1280, 20, 32, 4],
  'distil-small': [768, 12, 12, 4],
  'distil-large-v3': [1280, 20, 32, 2],
  'distil-large-v3.5': [1280, 20, 32, 2],
};

export const FTYPES = { f32: 0, f16: 1, q4_0: 2002, q5_0: 2008, q5_1: 2009, q8_0: 2007 } as const;

/** The numbers of a published model. */
export function numbersOf(family: string, englishOnly: boolean, quantization: keyof typeof FTYPES): Numbers {
  const [state = 0, heads = 0, audio = 0, text = 0] = SHAPES[family] ?? [];
  const isV3 = family.includes('v3');
  return {
    vocabulary: englishOnly ? 51_864 : isV3 ? 51_866 : 51_865,
    audioContext: 1500,
    audioState: state,
    audioHeads: heads,
    audioLayers: audio,
    textContext: 448,
    textState: state,
    textHeads: heads,
    textLayers: text,
    mels: isV3 ? 128 : 80,
    ftype: FTYPES[quantization],
  };
}

/** Magic number and the eleven numbers. */
export function whisperHeader(numbers: Numbers): Buffer {
  return words(0x67676d6c, ...Object.values<number>({ ...numbers }));
}

/** A header, mel filters and a vocabulary of these words. */
export function whisperBeginning(numbers: Numbers, vocabulary: readonly string[]): Buffer {
  const entries = vocabulary.flatMap((word) => [words(Buffer.byteLength(word)), Buffer.from(word)]);
  return Buffer.concat([
    whisperHeader(numbers),
    words(numbers.mels, 201),
    Buffer.alloc(numbers.mels * 201 * 4),
    words(vocabulary.length),
    ...entries,
  ]);
}

/** The header of a silero voice-activity model. */
export function vadHeader(major = 6, minor = 2, patch = 0): Buffer {
  const layers = [129, 128, 3, 128, 64, 3, 64, 64, 3, 64, 128, 3];
  return Buffer.concat([
    words(0x67676d6c, 10),
    Buffer.from('silero-16k'),
    words(major, minor, patch, 512, 64, 4, ...layers, 128, 128, 128, 1),
  ]);
}

/** Little-endian 32-bit integers. */
export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeInt32LE(value, index * 4);
  return bytes;
}

/** The beginning of a GGUF file with these strings and 32-bit numbers in its metadata. */
export function ggufBeginning(version: number, metadata: readonly (readonly [string, string | number])[]): Buffer {
  const text = (value: string): Buffer => Buffer.concat([words(Buffer.byteLength(value), 0), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.from('GGUF'),
    words(version, 0, 0, metadata.length, 0),
    ...metadata.flatMap(([key, value]) =>
      typeof value === 'string' ? [text(key), words(8), text(value)] : [text(key), words(4, value)],
    ),
  ]);
}

/** The numbers of a parakeet model after the magic number, in their order, with the size of its mel filters. */
export const PARAKEET = {
  vocabulary: 8192,
  audioContext: 5000,
  audioState: 1024,
  audioHeads: 8,
  audioLayers: 24,
  mels: 128,
  ftype: 1,
  window: 512,
  subsampling: 8,
  channels: 256,
  kernel: 9,
  predictionState: 640,
  predictionLayers: 2,
  durations: 5,
  maxTokens: 10,
  filterMels: 128,
  filterFrequencies: 257,
};

export function parakeetHeader(numbers: Partial<typeof PARAKEET> = {}): Buffer {
  return words(0x67676d6c, ...Object.values({ ...PARAKEET, ...numbers }));
}
