/**
 * The numbers at the start of a whisper model: eleven little-endian 32-bit integers after the magic number, in this order
 * (whisper.cpp, `whisper_model_load`). After them come the mel filters and the vocabulary, then the weights.
 */
export interface Dimensions {
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
  /** How the large tensors are stored, plus 1000 times the version of the quantisation. */
  readonly ftype: number;
}

// Bytes of the entries of the two vocabularies, in all published models but tinydiarize, which lacks `<|endoftext|>`:
// what the sizes in the catalogue leave when everything else is subtracted.
export const ENGLISH_VOCABULARY_BYTES = 521_855;
export const MULTILINGUAL_VOCABULARY_BYTES = 508_085;
const WORD = 4;
// Half of a window of 400 samples, and one.
const FREQUENCIES = 201;

/** Bytes of a block and how many numbers it holds (ggml-common.h). */
const BLOCKS: Readonly<Record<string, readonly [bytes: number, numbers: number]>> = {
  f32: [4, 1],
  f16: [2, 1],
  q4_0: [18, 32],
  q4_1: [20, 32],
  q5_0: [22, 32],
  q5_1: [24, 32],
  q8_0: [34, 32],
  q2_k: [84, 256],
  q3_k: [110, 256],
  q4_k: [144, 256],
  q5_k: [176, 256],
  q6_k: [210, 256],
};

/** A name and its dimensions; `stored` where it is not by the number of dimensions. */
type Tensor = readonly [name: string, shape: readonly number[], stored?: 'f32'];

/**
 * Bytes of a complete whisper model: `beginning` bytes up to the mel filters, the filters, the vocabulary with `words` bytes of
 * entries, then the tensors that whisper.cpp loads, each with its number of dimensions, length of its name, type, dimensions
 * and name. One row of numbers is stored as f32, a matrix as the file says, convolutions as f16 in a quantised file.
 * `undefined` where a row is not made of whole blocks.
 */
export function whisperSize(
  dimensions: Dimensions,
  quantization: string,
  beginning: number,
  words: number,
): number | undefined {
  let size = beginning + 2 * WORD + dimensions.mels * FREQUENCIES * WORD + WORD + words;
  for (const [name, shape, stored = storage(shape, quantization)] of tensors(dimensions)) {
    const bytes = tensorBytes(shape, stored);
    if (bytes === undefined) return undefined;
    size += (3 + shape.length) * WORD + name.length + bytes;
  }
  return size;
}

/** Bytes of numbers of a shape, stored in blocks along its last dimension; `undefined` where that does not come out even. */
export function tensorBytes(shape: readonly number[], stored: string): number | undefined {
  const [bytes, numbers] = BLOCKS[stored] ?? [Number.NaN, 1];
  if ((shape.at(-1) ?? numbers) % numbers !== 0) return undefined;
  return (shape.reduce((product, length) => product * length, 1) / numbers) * bytes;
}

function storage(shape: readonly number[], quantization: string): string {
  if (shape.length < 2) return 'f32';
  return shape.length === 2 || quantization === 'f32' ? quantization : 'f16';
}

function* tensors(dimensions: Dimensions): Iterable<Tensor> {
  const { audioState, audioContext, audioLayers, textState, textContext, textLayers, vocabulary, mels } = dimensions;
  yield ['encoder.positional_embedding', [audioContext, audioState], 'f32'];
  yield ['encoder.conv1.weight', [audioState, mels, 3]];
  yield ['encoder.conv1.bias', [audioState, 1], 'f32'];
  yield ['encoder.conv2.weight', [audioState, audioState, 3]];
  yield ['encoder.conv2.bias', [audioState, 1], 'f32'];
  yield* linear('encoder.ln_post', [audioState]);
  yield ['decoder.positional_embedding', [textContext, textState], 'f32'];
  yield ['decoder.token_embedding.weight', [vocabulary, textState]];
  yield* linear('decoder.ln', [textState]);
  for (let layer = 0; layer < audioLayers; layer += 1) yield* block(`encoder.blocks.${layer}`, audioState, ['attn']);
  for (let layer = 0; layer < textLayers; layer += 1)
    yield* block(`decoder.blocks.${layer}`, textState, ['attn', 'cross_attn']);
}

function* block(name: string, width: number, attentions: readonly string[]): Iterable<Tensor> {
  for (const attention of attentions) {
    yield* linear(`${name}.${attention}.query`, [width, width]);
    // The one without a bias.
    yield [`${name}.${attention}.key.weight`, [width, width]];
    yield* linear(`${name}.${attention}.value`, [width, width]);
    yield* linear(`${name}.${attention}.out`, [width, width]);
    yield* linear(`${name}.${attention}_ln`, [width]);
  }
  yield* linear(`${name}.mlp.0`, [4 * width, width]);
  yield* linear(`${name}.mlp.2`, [width, 4 * width]);
  yield* linear(`${name}.mlp_ln`, [width]);
}

function* linear(name: string, shape: readonly [number, ...number[]]): Iterable<Tensor> {
  yield [`${name}.weight`, shape];
  yield [`${name}.bias`, [shape[0]]];
}
