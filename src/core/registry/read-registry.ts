import type { WhisperError } from '../errors.ts';
import { targetOf } from '../evaluation/target.ts';
import {
  ambiguousList,
  listNotReachable,
  missingList,
  nestedTooDeeply,
  syntaxError,
  tooComplexToParse,
} from '../messages/registry.ts';
import { LimitExceeded } from '../nix/problems.ts';
import { parseAttrpath } from './attrset-bindings.ts';
import { placeOf, Positions } from './diagnostic.ts';
import { type BindingMatch, type End, type Spine, findBindings } from './find-binding.ts';
import { follow } from './follow.ts';
import { isComputed } from './list.ts';
import { perhapsIn, readModelsDir } from './models-dir.ts';
import { asRegistry, computedError, type Reading, type ReadOptions, type Registry } from './registry.ts';
import { findSyntaxProblem, spanOf, type SyntaxNode } from './syntax.ts';
import { readListValue } from './value.ts';
import { whyComputed } from './why-computed.ts';

export const DEFAULT_ATTR = 'activeModels';

/**
 * Reads a registry from its syntax tree, with what the text alone tells. Throws a `WhisperError` of exit code 3 with the
 * place and the reason where there is no list, more than one, or no Nix.
 */
export function readStatically(root: SyntaxNode, text: string, options: ReadOptions): Reading {
  try {
    return read(root, text, options);
  } catch (cause) {
    if (cause instanceof LimitExceeded && cause.limit === 'work') throw tooComplexToParse(options.file, cause);
    // Whatever is not nested too deeply for the limit may still be for the stack, by long expressions at each level.
    if (!(cause instanceof LimitExceeded || cause instanceof RangeError)) throw cause;
    throw nestedTooDeeply(options.file, cause);
  }
}

/** Reads a registry by its text alone; throws where that does not tell exactly what Nix would evaluate. */
export function readRegistry(root: SyntaxNode, text: string, options: ReadOptions): Registry {
  const reading = readStatically(root, text, options);
  const registry = asRegistry(reading);
  if (!isComputed(registry)) return registry;
  throw computedError(reading, registry);
}

function read(root: SyntaxNode, text: string, { file, attr = DEFAULT_ATTR, environment }: ReadOptions): Reading {
  const problem = findSyntaxProblem(root, text);
  if (problem) throw syntaxError(problem.message, problem.hint, placeOf(file, text, problem));
  const wanted = parseAttrpath(attr);
  const spine = findBindings(root, text, wanted);
  const chosen = choose(spine.candidates, text, file, attr);
  const modelsDir = readModelsDir(root, text, environment);
  const end = endTowards(spine, wanted);
  const common = { file, text, attrpath: attr, modelsDir };
  if (chosen && !(end && mayHide(end, chosen, wanted, text))) {
    const binding = spanOf(chosen.node);
    const listed = readListValue(chosen.definition, binding, text);
    const value = chosen.assertion ? [whyComputed(chosen.assertion, text), ...listed] : listed;
    const isHidden = spine.candidates.every(({ holder }) => holder !== undefined);
    return { ...common, value, binding, isHidden, target: targetOf(chosen, text) };
  }
  if (!end) throw noList(file, attr, text);
  const target = { text, path: wanted, isBody: false };
  const value = [whyComputed(end.node, text)];
  const dir = modelsDir ?? perhapsIn(end.node, text);
  return { ...common, value, binding: spanOf(end.node), isHidden: false, modelsDir: dir, target };
}

/**
 * Whether an expression that only an evaluator can look into may give the result a list of its own, so that one bound in a
 * `let` is not what the file stands for. Only a call of what the file is given, like `mkShell { … }`, is not expected to,
 * unless the text hands it one.
 */
function mayHide(
  { node, isForeign }: End,
  { holder, path }: BindingMatch,
  wanted: readonly string[],
  text: string,
): boolean {
  if (!holder) return false;
  const isOwnBinding = path.length - holder.depth === wanted.length;
  const isCall = node.type === 'apply_expression' && isForeign();
  const source = text.slice(node.startIndex, node.endIndex);
  return !isOwnBinding || !isCall || bindingOf(wanted.at(-1) ?? '', source) !== undefined;
}

/** Where a text seems to bind a name, whatever is around it. */
function bindingOf(name: string, text: string): number | undefined {
  return new RegExp(`(?<![\\w'-])${name.replace(/\W/g, '\\$&')}"?\\s*=(?!=)`).exec(text)?.index;
}

/** The error for a file that has no such list, or has it where its value cannot be told. */
export function noList(file: string, attr: string, text: string): WhisperError {
  const name = parseAttrpath(attr).at(-1) ?? attr;
  const start = bindingOf(name, text);
  if (start === undefined) return missingList(file, attr);
  return listNotReachable(attr, name, placeOf(file, text, { start, end: start + name.length }));
}

/** The one binding of the list. Several are one if they lead to the same value. */
function choose(
  candidates: readonly BindingMatch[],
  text: string,
  file: string,
  attr: string,
): BindingMatch | undefined {
  const byValue = new Map<string, BindingMatch>();
  const all = preferred(candidates);
  for (const candidate of all) {
    const value = valueOf(candidate, text);
    if (!byValue.has(value)) byValue.set(value, candidate);
  }
  const different = [...byValue.values()];
  const [first, second] = different;
  if (!second) return all.find(({ assertion }) => assertion) ?? first;
  const positions = new Positions(text);
  const places = different.map(({ node }) => {
    const { line, column } = positions.at(node.startIndex);
    return `${line}:${column}`;
  });
  const paths = [...new Set(different.map(({ path }) => path.join('.')))].filter((path) => path !== attr);
  throw ambiguousList(attr, places, paths, placeOf(file, text, spanOf(second.node)));
}

/** Where the result has the list and only Nix can tell it, a `let` binding is just a part of what it is computed from. */
function preferred(candidates: readonly BindingMatch[]): readonly BindingMatch[] {
  const exported = candidates.filter(({ holder }) => !holder);
  const isUntold = exported.length > 0 && exported.every(({ definition }) => definition.kind === 'computed');
  return isUntold ? exported : candidates;
}

/** Which value a candidate leads to; what is computed at one place may still be several values, by several paths. */
function valueOf({ definition, node, path }: BindingMatch, text: string): string {
  const followed = follow(definition, spanOf(node), text);
  return isComputed(followed) ? `${followed.start} ${path.join('.')}` : String(followed.node.startIndex);
}

/** Where the list would be that the file does not show: an expression on the way to it, or the result as a whole. */
function endTowards({ ends }: Spine, wanted: readonly string[]): End | undefined {
  return ends.find(({ path }) => path.length < wanted.length && path.every((name, index) => name === wanted[index]));
}
