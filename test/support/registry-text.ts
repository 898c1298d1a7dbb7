import assert from 'node:assert/strict';
import { parseNix } from '../../src/adapters/registry/parser.ts';
import { WhisperError } from '../../src/core/errors.ts';
import { changeRegistry, type Change, type Changed, type Known } from '../../src/core/registry/edit/change.ts';
import type { Span } from '../../src/core/nix/problems.ts';
import { readRegistry, readStatically } from '../../src/core/registry/read-registry.ts';
import { literalLists, type ReadOptions, type Registry } from '../../src/core/registry/registry.ts';

/** Registries as text, read and changed without a file. */

const OPTIONS: ReadOptions = { file: 'x.nix', environment: {} };

export function readText(text: string, options: Partial<ReadOptions> = {}): Registry {
  return readRegistry(parseNix, text, { ...OPTIONS, ...options });
}

/** The values of the list. */
export function namesIn(text: string, options: Partial<ReadOptions> = {}): readonly string[] {
  return readText(text, options).entries.map(({ value }) => value);
}

/** Where the brackets of the lists are that the value is made of. */
export function listsIn(text: string): readonly Span[] {
  return literalLists(readStatically(parseNix, text, OPTIONS).value);
}

/** The error that reading a text ends in; fails where it is read. */
export function refusalOf(text: string, options: Partial<ReadOptions> = {}): WhisperError {
  try {
    const names = namesIn(text, options);
    assert.fail(`read as ${JSON.stringify(names)}`);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    assert.equal(error.exitCode, 3);
    return error;
  }
}

export function changeText(text: string, change: Change, known: Known = {}): Changed {
  return changeRegistry(readStatically(parseNix, text, OPTIONS), change, parseNix, OPTIONS, known);
}

export function add(text: string, ...names: readonly string[]): string {
  return changeText(text, { kind: 'add', names }).text;
}

export function remove(text: string, ...names: readonly string[]): string {
  return changeText(text, { kind: 'remove', names, how: 'comment' }).text;
}

export function removeLine(text: string, ...names: readonly string[]): string {
  return changeText(text, { kind: 'remove', names, how: 'delete' }).text;
}

/** A list in a file: the shortest registry. */
export function inFile(list: string): string {
  return `{ activeModels = ${list}; }\n`;
}
