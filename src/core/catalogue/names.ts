const FILE_NAME = /^ggml-[A-Za-z0-9._-]+\.bin$/;
// The longest file name of the common file systems, in bytes; the names are ASCII.
const MAX_LENGTH = 255;

/** Whether a string is a model's file name: one path segment `ggml-….bin`. Only such names reach the file system. */
export function isModelFile(name: string): boolean {
  return name.length <= MAX_LENGTH && FILE_NAME.test(name);
}

/** `ggml-base.en-q5_1.bin` → `base.en-q5_1`; any other string stays as it is. */
export function shortName(file: string): string {
  return isModelFile(file) ? file.slice('ggml-'.length, -'.bin'.length) : file;
}

/** The file name that a person means by a short or a full name; `undefined` where no model can be called so. */
export function fileName(given: string): string | undefined {
  if (isModelFile(given)) return given;
  const file = `ggml-${given}.bin`;
  return isModelFile(file) ? file : undefined;
}

// Narrower than file names, because a list that is read by mistake may hold any words.
const SHORT_NAME = /^(?!ggml-)[A-Za-z0-9][A-Za-z0-9._-]*(?<!\.bin)$/;

/** Whether a string may be the short name of a model in a list: no path, no `ggml-` in front, no `.bin` at the end. */
export function isShortName(entry: string): boolean {
  return SHORT_NAME.test(entry) && fileName(entry) !== undefined;
}

/** The file name of the model that an entry of a list means; the entry itself where it means none. */
export type NameOf = (entry: string) => string;

/** Entries of a list of any strings. */
export const asWritten: NameOf = (entry) => entry;

/** Entries of a list of models. A short name means a model only if `isKnown` knows the file name: any word looks like one. */
export function modelNames(isKnown: (file: string) => boolean): NameOf {
  return (entry) => {
    const file = isShortName(entry) ? fileName(entry) : undefined;
    return file !== undefined && isKnown(file) ? file : entry;
  };
}

/** A string fit for a terminal: control characters and other invisible ones are shown escaped. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
