import { readGguf } from './gguf.ts';

/** The bytes that every ggml file starts with: the magic number 0x67676d6c, little-endian (whisper.cpp, ggml.h). */
const GGML_MAGIC = 'lmgg';
/** How many bytes from the start of a file show whether it is a model. */
export const MAGIC_BYTES = GGML_MAGIC.length;
/** How many bytes from the start of a file `identifyHeader` needs. */
export const HEADER_BYTES = 512;
/** How many bytes of a text are searched: enough for a title, few enough that no text takes long. */
const TEXT_BYTES = 4096;

export type Header = { readonly kind: 'ggml' } | { readonly kind: 'other'; readonly looksLike: string };

/** What a file without the magic number of ggml is. */
export type OtherKind = 'html' | 'lfs-pointer' | 'gguf' | 'json' | 'xml' | 'text' | 'zero' | 'empty' | 'unknown';

/** The kind of such a file, also in words, which are not yet escaped for a terminal. */
interface DetectedFormat {
  readonly kind: OtherKind;
  readonly looksLike: string;
}

export function identifyHeader(bytes: Uint8Array): Header {
  const beginning = bytes.subarray(0, HEADER_BYTES);
  return isGgml(beginning) ? { kind: 'ggml' } : { kind: 'other', looksLike: detectFormat(beginning).looksLike };
}

export function isGgml(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC_BYTES)).toString('latin1') === GGML_MAGIC;
}

// The first value of an object or array; Nix and others begin with such a bracket too. It may be cut off behind that.
const JSON_BEGINNING = /^\s*(\{\s*(["}]|$)|\[\s*([\]"{[\d-]|true|false|null|$))/;

/** What a file without the magic number of ggml is, by its beginning. */
export function detectFormat(bytes: Uint8Array): DetectedFormat {
  const text = decode(bytes.subarray(0, TEXT_BYTES));
  if (bytes.length === 0) return { kind: 'empty', looksLike: 'an empty file' };
  const gguf = readGguf(bytes);
  if (gguf !== undefined) return { kind: 'gguf', looksLike: gguf };
  const pointer = readLfsPointer(text);
  if (pointer) return { kind: 'lfs-pointer', looksLike: `a git-LFS pointer, not the file itself${pointer.says}` };
  if (/^\s*(<!doctype html|<html|<head)/i.test(text)) {
    const title = /<title[^>]*>([^<]+)/i.exec(text)?.[1]?.trim();
    return { kind: 'html', looksLike: title ? `an HTML page: ${firstLine(title)}` : 'an HTML page' };
  }
  if (/^\s*<\?xml/i.test(text)) return { kind: 'xml', looksLike: 'an XML document' };
  if (JSON_BEGINNING.test(text) && isText(text)) {
    const error = jsonError(text);
    return { kind: 'json', looksLike: error === undefined ? 'JSON' : `JSON with the error: ${firstLine(error)}` };
  }
  if (bytes.every((byte) => byte === 0)) return { kind: 'zero', looksLike: 'a file of zero bytes' };
  if (isText(text)) return { kind: 'text', looksLike: `text: ${firstLine(text)}` };
  return { kind: 'unknown', looksLike: 'a file of an unknown type' };
}

/** The first line of an answer, short enough for a message. Not yet escaped for a terminal. */
export function firstLine(text: string): string {
  const line =
    text
      .trim()
      .split(/[\r\n]/, 1)[0]
      ?.trimEnd() ?? '';
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

/** The text of the first field `error`; the document may be cut off, so it is not parsed. */
function jsonError(text: string): string | undefined {
  const literal = /"error"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  try {
    return literal === undefined ? undefined : String(JSON.parse(literal));
  } catch {
    return undefined;
  }
}

/** Text in UTF-8, else in Latin-1. An incomplete character at the end is left out. */
function decode(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes, { stream: true });
  return text.includes('\u{fffd}') ? Buffer.from(bytes).toString('latin1') : text;
}

function isText(text: string): boolean {
  return !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text);
}

/** A git-LFS pointer: the text that git stores for a large file. Size in bytes, `oid` is the sha256 in hex. */
interface LfsPointer {
  readonly oid: string | undefined;
  readonly size: number | undefined;
  /** What it points to, as the end of a sentence; empty where that is missing. */
  readonly says: string;
}

/** Reads a pointer (git-lfs, docs/spec.md); `undefined`: the text is not a pointer. */
export function readLfsPointer(text: string): LfsPointer | undefined {
  if (!text.startsWith('version https://git-lfs.github.com/spec/')) return undefined;
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const digits = /^size (\d{1,15})$/m.exec(text)?.[1];
  const size = digits === undefined ? undefined : Number(digits);
  const says = oid === undefined ? '' : `: sha256 ${oid}${size === undefined ? '' : `, ${size} bytes`}`;
  return { oid, size, says };
}
