import { MAGIC_BYTES } from './header.ts';
import { QUANTIZATION_VERSION_FACTOR, QUANTIZATIONS } from './quantization.ts';

/** What the beginning of a parakeet model says. */
interface ParakeetHeader {
  /** Like `tdt-0.6b-v3`; `undefined`: its dimensions are not those of a published model. */
  readonly variant: string | undefined;
  readonly multilingual: boolean;
  readonly quantization: string;
}

const WORD = 4;
// Fifteen little-endian 32-bit integers after the magic number, then the size of the mel filters (whisper.cpp,
// `parakeet_model_load`). The same places of a whisper header hold other numbers.
const FIELDS = [
  'vocabulary',
  'audioContext',
  'audioState',
  'audioHeads',
  'audioLayers',
  'mels',
  'ftype',
  'window',
  'subsampling',
  'channels',
  'kernel',
  'predictionState',
  'predictionLayers',
  'durations',
  'maxTokens',
  'filterMels',
  'filterFrequencies',
] as const;
export const PARAKEET_HEADER_BYTES = MAGIC_BYTES + FIELDS.length * WORD;

// Words of the tokenizer, width and layers of the encoder. The vocabulary of v2 is English only.
const VARIANTS: ReadonlyMap<string, string> = new Map([
  ['1024 1024 24', 'tdt-0.6b-v2'],
  ['8192 1024 24', 'tdt-0.6b-v3'],
]);
const ENGLISH_VOCABULARY = 1024;
const MOST = 65_536;

/** Reads the header of a parakeet model; `undefined`: the file is not one, or is cut off in its header. */
export function readParakeetHeader(bytes: Uint8Array): ParakeetHeader | undefined {
  if (bytes.length < PARAKEET_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = FIELDS.map((_, index) => view.getInt32(MAGIC_BYTES + index * WORD, true));
  const fields = Object.fromEntries(FIELDS.map((name, index) => [name, numbers[index] ?? 0])) as Record<
    (typeof FIELDS)[number],
    number
  >;
  const { vocabulary, audioState, audioHeads, audioLayers, mels, ftype, window, filterMels, filterFrequencies } =
    fields;
  const isPlausible = numbers.every((number, index) => FIELDS[index] === 'ftype' || (number > 0 && number <= MOST));
  // The filters are half of the Fourier transform, and one.
  const hasFilters = filterMels === mels && filterFrequencies === window / 2 + 1;
  if (!isPlausible || !hasFilters || audioState % audioHeads !== 0 || ftype < 0) return undefined;
  const quantization = QUANTIZATIONS.get(ftype % QUANTIZATION_VERSION_FACTOR);
  if (quantization === undefined) return undefined;
  const variant = VARIANTS.get(`${vocabulary} ${audioState} ${audioLayers}`);
  return { variant, multilingual: vocabulary > ENGLISH_VOCABULARY, quantization };
}
