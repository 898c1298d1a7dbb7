import { parseNix } from '../../src/adapters/registry/parser.ts';
import { WhisperError } from '../../src/core/errors.ts';
import { addSources, completeSources, removeSources } from '../../src/core/registry/edit/change-sources.ts';
import { readStatically } from '../../src/core/registry/read-registry.ts';
import type { Reading, ReadOptions } from '../../src/core/registry/registry.ts';
import type { NewSource } from '../../src/core/registry/sources/source.ts';
import type { ModelSource } from '../../src/core/registry/sources/source.ts';

/** Registries with `modelSources` as text, read and changed without a file. */

const OPTIONS: ReadOptions = { file: 'x.nix', environment: {} };

export function readingOf(text: string, options: Partial<ReadOptions> = {}): Reading {
  return readStatically(parseNix, text, { ...OPTIONS, ...options });
}

/** What a text is read as: its sources, `none`, why they are computed, or the error that it is refused with. */
export function sourcesIn(
  text: string,
  options: Partial<ReadOptions> = {},
): readonly ModelSource[] | 'none' | { readonly computed: string } | WhisperError {
  try {
    const { sources } = readingOf(text, options);
    if (!sources) return 'none';
    return 'sources' in sources ? sources.sources : { computed: sources.computed.reason };
  } catch (error) {
    if (error instanceof WhisperError) return error;
    throw error;
  }
}

type Edit<T> = (before: Reading, given: T, reader: Parameters<typeof addSources>[2]) => Reading;

/** The text after an edit of its sources, and the error where it is refused. */
function edited<T>(edit: Edit<T>, text: string, given: T): string | WhisperError {
  try {
    return edit(readingOf(text), given, { parse: parseNix, options: OPTIONS }).text;
  } catch (error) {
    if (error instanceof WhisperError && error.code === 'registry-edit-refused') return error;
    throw error;
  }
}

export function withSources(text: string, added: readonly NewSource[]): string | WhisperError {
  return edited(
    (before, given: readonly NewSource[], reader) => addSources(before, given, reader).reading,
    text,
    added,
  );
}

export function withPins(text: string, pins: readonly NewSource[]): string | WhisperError {
  return edited(
    (before, given: readonly NewSource[], reader) => completeSources(before, given, reader).reading,
    text,
    pins,
  );
}

export function withoutSources(text: string, files: readonly string[]): string | WhisperError {
  return edited(removeSources, text, files);
}
