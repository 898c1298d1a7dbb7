import { WhisperError } from '../errors.ts';
import { placeOf, positionAt } from './diagnostic.ts';
import { isComputed, type StringList } from './list.ts';
import { findCandidates, type Candidate } from './spine.ts';
import { readString, type Environment } from './string-value.ts';
import { findSyntaxProblem, type Span, type SyntaxNode } from './syntax.ts';
import { follow, readListValue } from './value.ts';

/** What a registry says, and where. */
export interface Registry {
  readonly file: string;
  readonly text: string;
  readonly list: StringList;
  /** The attrpath that the list was found at. */
  readonly attrpath: string;
  /** `undefined`: the file says nothing about a models directory. */
  readonly modelsDir: ModelsDirSetting | undefined;
}

export type ModelsDirSetting = { readonly value: string } | { readonly computed: Span };

/** An entry of the list with its line in the file, from 1. */
export interface ActiveEntry extends Span {
  readonly name: string;
  readonly line: number;
}

export interface ReadOptions {
  readonly file: string;
  /** Which binding to read; the list is the one whose attrpath ends so. Default: `activeModels`. */
  readonly attr?: string | undefined;
  readonly environment: Environment;
}

export const DEFAULT_ATTR = 'activeModels';

/**
 * Reads a registry from its syntax tree. Either the list is exactly what Nix would evaluate it to, or this throws a
 * `WhisperError` of exit code 3 with the place and the reason.
 */
export function readRegistry(root: SyntaxNode, text: string, options: ReadOptions): Registry {
  try {
    return read(root, text, options);
  } catch (cause) {
    // The tree is walked by recursion: a file nested thousands of times deep ends the stack.
    if (!(cause instanceof RangeError)) throw cause;
    const message = `${options.file} is nested too deeply to be read`;
    throw new WhisperError('registry-computed', message, 'Write the list in a file of its own.', { cause });
  }
}

function read(root: SyntaxNode, text: string, options: ReadOptions): Registry {
  const { file } = options;
  const attr = options.attr ?? DEFAULT_ATTR;
  const problem = findSyntaxProblem(root, text);
  if (problem) {
    const place = placeOf(file, text, problem);
    throw new WhisperError(
      'registry-syntax',
      problem.message,
      'Mend the file; until then nothing is removed or written.',
      { place },
    );
  }
  const wanted = attr.split('.');
  const candidates = findCandidates(root, text, wanted);
  const list = chooseList(candidates, text, file, attr);
  return { file, text, list, attrpath: attr, modelsDir: readModelsDir(root, text, options.environment) };
}

/** The entries of the list in order. */
export function activeEntries(registry: Registry): readonly ActiveEntry[] {
  let line = 1;
  let from = 0;
  return registry.list.elements.map(({ value, start, end }) => {
    for (let at = registry.text.indexOf('\n', from); at >= 0 && at < start; at = registry.text.indexOf('\n', at + 1))
      line += 1;
    from = start;
    return { name: value, line, start, end };
  });
}

function chooseList(candidates: readonly Candidate[], text: string, file: string, attr: string): StringList {
  const [first] = candidates;
  if (!first) {
    throw new WhisperError(
      'registry-no-list',
      `${file} defines no list ${attr}`,
      `Add it: ${attr} = [ ]; or name another binding with --attr.`,
    );
  }
  const lists = candidates.map((candidate) => ({
    candidate,
    list: readListValue(candidate.definition, candidate.node, text),
  }));
  const different = lists.filter(
    ({ list }, index) => lists.findIndex((other) => other.list.start === list.start) === index,
  );
  if (different.length > 1) {
    const places = different.map(({ candidate }) => positionAt(text, candidate.node.startIndex));
    const named = places.map(({ line, column }) => `${line}:${column}`).join(' and ');
    const place = placeOf(file, text, spanOf((different[1] as (typeof different)[0]).candidate.node));
    throw new WhisperError(
      'registry-ambiguous',
      `${attr} is defined more than once, at ${named}`,
      'Keep one of them, or say which with --attr ATTRPATH.',
      { place },
    );
  }
  const { list } = different[0] as (typeof different)[0];
  if (isComputed(list)) {
    const { line, column } = positionAt(text, list.start);
    throw new WhisperError(
      'registry-computed',
      `${attr} is computed at ${line}:${column}: ${list.reason}`,
      `Write it as a plain list of strings: ${attr} = [ "ggml-base.en-q5_1.bin" ];`,
      { place: placeOf(file, text, list) },
    );
  }
  return list;
}

function readModelsDir(root: SyntaxNode, text: string, environment: Environment): ModelsDirSetting | undefined {
  const candidates = findCandidates(root, text, ['modelsDir']);
  if (candidates.length === 0) return undefined;
  const settings = candidates.map(({ definition, node }): ModelsDirSetting => {
    const followed = follow(definition, node, text);
    if (isComputed(followed)) return { computed: followed };
    const value = readString(followed.node, followed.scope, text, environment);
    return value === undefined ? { computed: spanOf(followed.node) } : { value };
  });
  const [first] = settings as [ModelsDirSetting];
  const agree = settings.every((setting) => 'value' in setting && 'value' in first && setting.value === first.value);
  if (agree || settings.length === 1) return first;
  const second = candidates[1] as Candidate;
  return { computed: spanOf(second.node) };
}

function spanOf(node: SyntaxNode): Span {
  return { start: node.startIndex, end: node.endIndex };
}
