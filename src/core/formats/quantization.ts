/** How the large tensors of a file are stored, by the number in its header (ggml.h, `ggml_ftype`). */
export const QUANTIZATIONS: ReadonlyMap<number, string> = new Map([
  [0, 'f32'],
  [1, 'f16'],
  [2, 'q4_0'],
  [3, 'q4_1'],
  [7, 'q8_0'],
  [8, 'q5_0'],
  [9, 'q5_1'],
  [10, 'q2_k'],
  [11, 'q3_k'],
  [12, 'q4_k'],
  [13, 'q5_k'],
  [14, 'q6_k'],
]);

/** The number in the header is the type, plus this times the version of the quantization. */
export const QUANTIZATION_VERSION_FACTOR = 1000;
