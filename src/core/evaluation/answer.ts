import { asObject } from '../json.ts';
import type { RawSource, RawValue } from '../registry/sources/source.ts';

export type Answer =
  | { readonly kind: 'strings'; readonly strings: readonly string[] }
  /** A list with an element that is not a string: its type, and its index from 1. */
  | { readonly kind: 'mixed'; readonly wrong: string; readonly index: number }
  | { readonly kind: 'string'; readonly string: string }
  | { readonly kind: 'other'; readonly type: string }
  | { readonly kind: 'missing' };

export interface Answers {
  readonly list: Answer | undefined;
  readonly modelsDir: Answer | undefined;
  readonly sources?: SourcesAnswer;
}

/** The entries of `modelSources`, or what it is instead. */
export type SourcesAnswer =
  | { readonly kind: 'sources'; readonly sources: readonly RawSource[] }
  | { readonly kind: 'other'; readonly type: string }
  | { readonly kind: 'missing' };

/** Reads what the expression of `readRawSource` evaluates to, as JSON; throws a `SyntaxError` where it is anything else. */
export function parseAnswers(json: string): Answers {
  const document = asObject(JSON.parse(json));
  const { list, modelsDir, sources } = document;
  return {
    list: answerOf(list),
    modelsDir: answerOf(modelsDir),
    ...(sources !== undefined && { sources: sourcesOf(asObject(sources)) }),
  };
}

/** Reads one answer; throws a `SyntaxError` where the JSON is anything else. */
export function parseAnswer(json: string): Answer {
  const answer = answerOf(JSON.parse(json));
  if (!answer) throw new SyntaxError('no answer');
  return answer;
}

function answerOf(value: unknown): Answer | undefined {
  if (value === undefined) return undefined;
  const { missing, strings, string, type } = asObject(value);
  if (missing === true) return { kind: 'missing' };
  if (Array.isArray(strings)) return listOf(strings);
  if (typeof string === 'string') return { kind: 'string', string };
  if (typeof type === 'string') return { kind: 'other', type: TYPES[type] ?? `a ${type}` };
  throw new SyntaxError('not an answer');
}

function sourcesOf(answer: Readonly<Record<string, unknown>>): SourcesAnswer {
  const { sources } = answer;
  if (sources === undefined) {
    const other = answerOf(answer);
    return other?.kind === 'missing' ? other : { kind: 'other', type: typeIn(other) };
  }
  // Not a set: Nix writes one with the attribute `outPath` as that attribute alone.
  if (!Array.isArray(sources)) throw new SyntaxError('no sources');
  return { kind: 'sources', sources: sources.map(readRawSource) };
}

function typeIn(answer: Answer | undefined): string {
  if (answer?.kind === 'other') return answer.type;
  return answer?.kind === 'string' ? 'a string' : 'a list';
}

function readRawSource(value: unknown): RawSource {
  const { name: key, attributes, type } = asObject(value);
  if (typeof key !== 'string') throw new SyntaxError('no name');
  if (attributes === undefined) return { key, attributes: undefined, instead: nameOfType(type) };
  const entries = Object.entries(asObject(attributes)).map(([name, each]) => [name, valueOf(asObject(each))]);
  return { key, attributes: Object.fromEntries(entries) as RawSource['attributes'] };
}

function valueOf({ string, number, type }: Readonly<Record<string, unknown>>): RawValue {
  if (typeof string === 'string' || typeof number === 'number') return (string ?? number) as RawValue;
  return { other: nameOfType(type) };
}

function nameOfType(type: unknown): string {
  if (typeof type !== 'string') throw new SyntaxError('not a type');
  return TYPES[type] ?? `a ${type}`;
}

function listOf(elements: readonly unknown[]): Answer {
  const index = elements.findIndex((element) => typeof element !== 'string');
  if (index < 0) return { kind: 'strings', strings: elements as readonly string[] };
  const element = elements[index];
  const type = asObject(element)['type'];
  const wrong = typeof type === 'string' ? (TYPES[type] ?? `a ${type}`) : typeOf(element);
  return { kind: 'mixed', wrong, index: index + 1 };
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a number',
  float: 'a number',
  bool: 'true or false',
  null: 'null',
  path: 'a path',
  set: 'a set',
  list: 'a list',
  lambda: 'a function',
};

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  const types: Readonly<Record<string, string>> = { number: 'a number', string: 'a string', boolean: 'true or false' };
  return types[typeof value] ?? 'a set';
}
