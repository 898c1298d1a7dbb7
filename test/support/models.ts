import { createHash } from 'node:crypto';

/** A small file with the magic number of a ggml model, and the catalogue entry of it. */
export interface SampleModel {
  readonly content: Buffer;
  readonly entry: {
    readonly file: string;
    readonly repo: string;
    readonly revision: string;
    readonly size: number;
    readonly sha256: string;
  };
}

export const SAMPLE_REPO = 'example/models';
export const SAMPLE_REVISION = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

/** A model of `size` bytes that looks like nothing else of that name. */
export function sampleModel(file: string, size = 4096): SampleModel {
  const block = createHash('sha512').update(file).digest();
  const content = Buffer.concat([Buffer.from('lmgg'), Buffer.alloc(Math.max(0, size - 4), block)]);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { content, entry: { file, repo: SAMPLE_REPO, revision: SAMPLE_REVISION, size: content.length, sha256 } };
}
