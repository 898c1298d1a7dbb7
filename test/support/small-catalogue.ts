import type { Catalogue } from '../../src/core/catalogue/catalogue.ts';

export const A = 'ggml-a.bin';
export const B = 'ggml-b.bin';
export const C = 'ggml-c.bin';
export const OWN = 'ggml-own.bin';
export const PUBLISHED = 'b'.repeat(64);
export const OTHER = 'c'.repeat(64);

export const entry = (name: string, size?: number, sha256?: string) => ({
  file: name,
  repo: 'a/b',
  revision: 'main',
  size,
  sha256,
});
/** Of B and A every byte is known, of C nothing but the name. */
export const catalogue: Catalogue = new Map(
  [entry(A, 10, PUBLISHED), entry(B, 20, PUBLISHED), entry(C)].map((each) => [each.file, each]),
);
export const names = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name);
