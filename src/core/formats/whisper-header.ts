import { MAGIC_BYTES } from './header.ts';
import { QUANTIZATION_VERSION_FACTOR, QUANTIZATIONS } from './quantization.ts';
import {
  type Dimensions,
  ENGLISH_VOCABULARY_BYTES,
  MULTILINGUAL_VOCABULARY_BYTES,
  whisperSize,
} from './whisper-layout.ts';

interface WhisperHeader {
  readonly type: 'whisper';
  /** `undefined`: its dimensions are not those of a published model. */
  readonly sizeClass: string | undefined;
  readonly multilingual: boolean;
  readonly quantization: string;
  /** Bytes of a complete file; `undefined` where the layout of its weights is not known. */
  readonly size: number | undefined;
}

/** A file with the magic number of ggml that is not a whisper model, and why. */
interface StrangeHeader {
  readonly type: 'strange';
  readonly reason: string;
}

const WORD = 4;

// In the order of the header, before the ftype: names in whisper.cpp, and limits far above every whisper model, so that
// sizes stay exact numbers.
const FIELDS = {
  vocabulary: ['n_vocab', 1_000_000],
  audioContext: ['n_audio_ctx', 100_000],
  audioState: ['n_audio_state', 16_384],
  audioHeads: ['n_audio_head', 1024],
  audioLayers: ['n_audio_layer', 512],
  textContext: ['n_text_ctx', 100_000],
  textState: ['n_text_state', 16_384],
  textHeads: ['n_text_head', 1024],
  textLayers: ['n_text_layer', 512],
  mels: ['n_mels', 1024],
} as const satisfies Readonly<Record<Exclude<keyof Dimensions, 'ftype'>, readonly [name: string, most: number]>>;
const ORDER = [...Object.keys(FIELDS), 'ftype'];
const DIMENSIONS_END = MAGIC_BYTES + ORDER.length * WORD;
// The vocabulary of English-only models has 51864 entries, a multilingual one at least one more, that of large v3 two more.
const MULTILINGUAL_VOCABULARY = 51_865;
const V3_VOCABULARY = 51_866;

// Files of earlier versions store their blocks in other sizes.
const QUANTIZATION_VERSION = 2;

/** Width and layers of encoder and decoder; distil-whisper drops layers of the decoder. */
const SIZE_CLASSES = new Map([
  ['384 4 4', 'tiny'],
  ['512 6 6', 'base'],
  ['768 12 12', 'small'],
  ['768 12 4', 'distil-small'],
  ['1024 24 24', 'medium'],
  ['1024 24 2', 'distil-medium'],
  ['1280 32 32', 'large'],
  ['1280 32 2', 'distil-large'],
]);
const V3_SIZE_CLASSES = new Map([
  ['1280 32 32', 'large-v3'],
  ['1280 32 4', 'large-v3-turbo'],
  ['1280 32 2', 'distil-large-v3'],
]);

/** What the beginning of a whisper model says. `bytes` start with the magic number and are as many as there are, up to a MiB. */
export function readWhisperHeader(bytes: Uint8Array): WhisperHeader | StrangeHeader {
  if (bytes.length < DIMENSIONS_END) return { type: 'strange', reason: 'its header is cut off' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dimensions = Object.fromEntries(
    ORDER.map((field, index) => [field, view.getInt32(MAGIC_BYTES + index * WORD, true)]),
  ) as unknown as Dimensions;
  const reason = implausible(dimensions);
  if (reason !== undefined) return { type: 'strange', reason };
  const { ftype, vocabulary } = dimensions;
  const quantization = QUANTIZATIONS.get(ftype % QUANTIZATION_VERSION_FACTOR);
  if (quantization === undefined) return { type: 'strange', reason: `its ftype is ${ftype}` };
  const multilingual = vocabulary >= MULTILINGUAL_VOCABULARY;
  const isKnownLayout =
    !quantization.startsWith('q') || Math.floor(ftype / QUANTIZATION_VERSION_FACTOR) === QUANTIZATION_VERSION;
  const words =
    vocabularyBytes(view, DIMENSIONS_END, dimensions.mels) ??
    (multilingual ? MULTILINGUAL_VOCABULARY_BYTES : ENGLISH_VOCABULARY_BYTES);
  return {
    type: 'whisper',
    sizeClass: sizeClass(dimensions),
    multilingual,
    quantization,
    size: isKnownLayout ? whisperSize(dimensions, quantization, DIMENSIONS_END, words) : undefined,
  };
}

function implausible(dimensions: Dimensions): string | undefined {
  for (const [field, [name, most]] of Object.entries(FIELDS)) {
    const value = dimensions[field as keyof typeof FIELDS];
    if (value < 1 || value > most) return `its ${name} is ${value}`;
  }
  const { audioState, audioHeads, textState, textHeads, ftype } = dimensions;
  if (audioState !== textState) return `its encoder is ${audioState} wide, its decoder ${textState}`;
  if (audioState % audioHeads !== 0 || textState % textHeads !== 0)
    return `its width ${audioState} is not a multiple of its heads`;
  return ftype < 0 ? `its ftype is ${ftype}` : undefined;
}

function sizeClass({ audioState, audioLayers, textLayers, vocabulary }: Dimensions): string | undefined {
  const classes = vocabulary === V3_VOCABULARY ? V3_SIZE_CLASSES : SIZE_CLASSES;
  return classes.get(`${audioState} ${audioLayers} ${textLayers}`);
}

// Bytes of the entries of the vocabulary, each a length and a word. `undefined` where the bytes end before, or are a
// hole that an unfinished download has not filled yet.
function vocabularyBytes(view: DataView, filters: number, mels: number): number | undefined {
  if (filters + 2 * WORD > view.byteLength || view.getUint32(filters, true) !== mels) return undefined;
  const start = filters + 2 * WORD + mels * view.getUint32(filters + WORD, true) * WORD;
  if (start + WORD > view.byteLength) return undefined;
  const count = view.getUint32(start, true);
  if (count === 0) return undefined;
  let offset = start + WORD;
  for (let index = 0; index < count; index += 1) {
    if (offset + WORD > view.byteLength) return undefined;
    offset += WORD + view.getUint32(offset, true);
  }
  return offset > view.byteLength ? undefined : offset - start - WORD;
}
