/** The bytes that every ggml file starts with: the magic number 0x67676d6c, little-endian (whisper.cpp, ggml.h). */
const GGML_MAGIC = 'lmgg';

/** How many bytes from the start of a file tell whether it is a model at all. */
export const MAGIC_BYTES = GGML_MAGIC.length;

/** How many bytes from the start of a file `identifyHeader` needs. */
export const HEADER_BYTES = 512;

export type Header = { readonly kind: 'ggml' } | { readonly kind: 'other'; readonly looksLike: string };

/** What a file is by its first bytes (up to `HEADER_BYTES` of them). */
export function identifyHeader(bytes: Uint8Array): Header {
  const text = Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('latin1');
  if (text.startsWith(GGML_MAGIC)) return { kind: 'ggml' };
  return { kind: 'other', looksLike: lookAlike(text) };
}

function lookAlike(text: string): string {
  if (text === '') return 'an empty file';
  if (text.startsWith('GGUF')) return 'a GGUF file';
  if (text.startsWith('version https://git-lfs.github.com/spec/')) return 'a git-LFS pointer, not the file itself';
  if (/^\s*(<!doctype html|<html|<head)/i.test(text)) return 'an HTML page';
  if (/^\s*<\?xml/i.test(text)) return 'an XML document';
  if (/^\s*[{[]/.test(text) && isText(text)) return 'JSON';
  if (/^\0+$/.test(text)) return 'a run of zero bytes';
  return isText(text) ? `text: ${firstLine(text)}` : 'something else than a ggml file';
}

/** The first line of an answer, short enough for a message. Not yet fit for a terminal. */
export function firstLine(text: string): string {
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? '';
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

function isText(text: string): boolean {
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
}
