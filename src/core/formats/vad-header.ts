import { MAGIC_BYTES } from './header.ts';
import { tensorBytes } from './whisper-layout.ts';

/** A voice-activity model: what it was made from, and the bytes of a complete file if its layout is the known one. */
interface VadHeader {
  readonly type: 'vad';
  /** Like `6.2.0`; `undefined` where the header is cut off. */
  readonly version: string | undefined;
  readonly size: number | undefined;
}

const WORD = 4;
// After the magic number: the length of this name, the name, three numbers of the version, window, context, number of layers,
// for each layer channels in, channels out and kernel, then the sizes of the recurrent and of the last layer
// (whisper.cpp, models/convert-silero-vad-to-ggml.py).
const NAME = 'silero-16k';
const VERSION = MAGIC_BYTES + WORD + NAME.length;
const LAYERS = VERSION + 5 * WORD;
const MOST_LAYERS = 64;
const MOST_CHANNELS = 65_536;
// The basis of the Fourier transform is over windows of 256 samples.
const BASIS_WINDOW = 256;

/** Reads the header of a silero voice-activity model; `undefined`: the file is not one. */
export function readVadHeader(bytes: Uint8Array): VadHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = Buffer.from(bytes.subarray(MAGIC_BYTES + WORD, VERSION)).toString('latin1');
  if (name !== NAME || view.getUint32(MAGIC_BYTES, true) !== NAME.length) return undefined;
  if (bytes.length < LAYERS + WORD) return { type: 'vad', version: undefined, size: undefined };
  const version = [0, 1, 2].map((part) => view.getInt32(VERSION + part * WORD, true)).join('.');
  return { type: 'vad', version, size: vadSize(view) };
}

function vadSize(view: DataView): number | undefined {
  const layers = view.getUint32(LAYERS, true);
  const end = LAYERS + WORD + (3 * layers + 4) * WORD;
  if (layers < 1 || layers > MOST_LAYERS || end > view.byteLength) return undefined;
  const numbers = Array.from({ length: 3 * layers + 4 }, (_, index) =>
    view.getUint32(LAYERS + (1 + index) * WORD, true),
  );
  if (numbers.some((number) => number < 1 || number > MOST_CHANNELS)) return undefined;
  const [recurrentIn = 0, hidden = 0, lastIn = 0] = numbers.slice(3 * layers);
  const frequencies = numbers[0] ?? 0;
  let size = end;
  const add = (name: string, shape: readonly number[], stored: 'f16' | 'f32'): void => {
    size += (3 + shape.length) * WORD + `_model.${name}`.length + (tensorBytes(shape, stored) ?? 0);
  };
  for (let layer = 0; layer < layers; layer += 1) {
    const [channelsIn = 0, channelsOut = 0, kernel = 0] = numbers.slice(3 * layer);
    add(`encoder.${layer}.reparam_conv.weight`, [channelsOut, channelsIn, kernel], 'f16');
    add(`encoder.${layer}.reparam_conv.bias`, [channelsOut], 'f32');
  }
  add('decoder.rnn.weight_ih', [4 * hidden, recurrentIn], 'f32');
  add('decoder.rnn.weight_hh', [4 * hidden, hidden], 'f32');
  add('decoder.rnn.bias_ih', [4 * hidden], 'f32');
  add('decoder.rnn.bias_hh', [4 * hidden], 'f32');
  add('decoder.decoder.2.weight', [lastIn], 'f16');
  add('decoder.decoder.2.bias', [], 'f32');
  add('stft.forward_basis_buffer', [2 * frequencies, 1, BASIS_WINDOW], 'f16');
  return size;
}
