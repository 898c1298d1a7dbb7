import { readObject } from '../json-object.ts';

/** A registry that uses a models directory, and how its list is read. */
export interface Root {
  /** Absolute path of the Nix file. */
  readonly file: string;
  /** The binding that holds the list, or a flake's output, where it is not the usual one. */
  readonly attr?: string;
  /** The folder that a relative flake reference is meant from. */
  readonly cwd?: string;
}

/** Reads the note about a root; `undefined` where it is damaged: nobody can say whose it was. */
export function readRoot(text: string): Root | undefined {
  const { file, attr, cwd } = readObject(text) ?? {};
  const isWhole = (field: unknown): field is string | undefined => field === undefined || typeof field === 'string';
  if (typeof file !== 'string' || !file.startsWith('/') || !isWhole(attr) || !isWhole(cwd)) return undefined;
  return { file, ...(attr !== undefined && { attr }), ...(cwd !== undefined && { cwd }) };
}

/** What tells one root from another: one file may be used with several lists. */
export function rootKey({ file, attr, cwd }: Root): string {
  return attr === undefined ? file : [file, attr, cwd ?? ''].join('\n');
}

/** A root in words: the file, and the list in it where that is not the usual one. */
export function describeRoot({ file, attr }: Root): string {
  return attr === undefined ? file : `${file} (${attr})`;
}
