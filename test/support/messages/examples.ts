import type { Place, WhisperError } from '../../../src/core/errors.ts';

/** For each function of a file of the catalogue, what it is called with: one list of arguments for each way that it goes. */
export type Examples<Catalogue> = {
  readonly [Name in keyof Catalogue]: Catalogue[Name] extends (...given: infer Given) => WhisperError | string
    ? readonly [Given, ...Given[]]
    : never;
};

/** A hostile file name: it would add a line, colour it and reverse it. */
export const HOSTILE = 'x\nwhisper: all is well\u001b[31m\u202e';

export const FILE = 'ggml-base.en-q5_1.bin';

export const PATH = `/home/me/${HOSTILE}`;

export const PLACE: Place = {
  file: '/home/me/nix/whisper-manager.nix',
  line: 4,
  column: 5,
  excerpt: '4 |     "ggml-bas.bin"\n  |     ^^^^^^^^^^^^^^',
};

export const CAUSE = new Error('what the system said');

export const SHA256 = { one: '1'.repeat(64), other: '2'.repeat(64) } as const;
