import { WhisperError } from '../core/errors.ts';
import { commentedEntries } from '../core/registry/edit.ts';
import { readStatically } from '../core/registry/read-registry.ts';
import type { ReadOptions } from '../core/registry/registry.ts';
import { editableLists } from '../core/registry/step.ts';
import { parseNix } from './parser.ts';

/** The entries that commented lines of a registry's list hold; none where its text does not tell the list. */
export function readCommented(options: ReadOptions, text: string): ReadonlySet<string> {
  try {
    const reading = readStatically(parseNix(text), text, options);
    return new Set(commentedEntries(text, editableLists(reading)));
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    return new Set();
  }
}
