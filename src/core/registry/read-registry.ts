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
import { type BindingMatch, type End, type BindingSearch, findBindings } from './find-binding.ts';
import { follow } from './follow.ts';
import { isComputed } from './list.ts';
import { perhapsIn, readModelsDir } from './models-dir.ts';
import { asRegistry, computedError, type Reading, type ReadOptions, type Registry } from './registry.ts';
import { findSyntaxProblem, spanOf, type SyntaxNode } from './syntax.ts';
import { readListValue } from './value.ts';
import { whyComputed } from './why-computed.ts';

export const DEFAULT_ATTR = 'activeModels';

/** Reads a registry without Nix. Throws (exit 3), with the place, if there is no list, more than one, or a syntax error. */
export function readStatically(root: SyntaxNode, text: string, options: ReadOptions): Reading {
  try {
    return read(root, text, options);
  } catch (cause) {
    if (cause instanceof LimitExceeded && cause.limit === 'work') throw tooComplexToParse(options.file, cause);
    // Nesting below the limit may still exhaust the stack, by long expressions at each level.
    if (!(cause instanceof LimitExceeded || cause instanceof RangeError)) throw cause;
    throw nestedTooDeeply(options.file, cause);
  }
}

/** Reads a registry without Nix; throws where the list needs Nix to evaluate. */
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
  const search = findBindings(root, text, wanted);
  const chosen = choose(search.matches, text, file, attr);
  const modelsDir = readModelsDir(root, text, environment);
  const end = endTowards(search, wanted);
  const common = { file, text, attrpath: attr, modelsDir };
  if (chosen && !(end && mayHide(end, chosen, wanted, text))) {
    const binding = spanOf(chosen.node);
    const listed = readListValue(chosen.definition, binding, text);
    const value = chosen.assertion ? [whyComputed(chosen.assertion, text), ...listed] : listed;
    const isHidden = search.matches.every(({ enclosingLet }) => enclosingLet !== undefined);
    return { ...common, value, binding, isHidden, target: targetOf(chosen, text) };
  }
  if (!end) throw noList(file, attr, text);
  const target = { text, path: wanted, isBody: false };
  const value = [whyComputed(end.node, text)];
  const dir = modelsDir ?? perhapsIn(end.node, text);
  return { ...common, value, binding: spanOf(end.node), isHidden: false, modelsDir: dir, target };
}

// A computed expression may have a list of its own as an attribute, so that the one bound in a `let` is not the file's.
// Only a call of a function from an argument, like `mkShell { … }`, is not expected to, unless its text binds one.
function mayHide(
  { node, isForeign }: End,
  { enclosingLet, path }: BindingMatch,
  wanted: readonly string[],
  text: string,
): boolean {
  if (!enclosingLet) return false;
  const isOwnBinding = path.length - enclosingLet.depth === wanted.length;
  const isCall = node.type === 'apply_expression' && isForeign();
  const source = text.slice(node.startIndex, node.endIndex);
  return !isOwnBinding || !isCall || bindingOf(wanted.at(-1) ?? '', source) !== undefined;
}

/** Where a text seems to bind a name. */
function bindingOf(name: string, text: string): number | undefined {
  return new RegExp(`(?<![\\w'-])${name.replace(/\W/g, '\\$&')}"?\\s*=(?!=)`).exec(text)?.index;
}

export function noList(file: string, attr: string, text: string): WhisperError {
  const name = parseAttrpath(attr).at(-1) ?? attr;
  const start = bindingOf(name, text);
  if (start === undefined) return missingList(file, attr);
  return listNotReachable(attr, name, placeOf(file, text, { start, end: start + name.length }));
}

/** The binding of the list. Several count as one if they lead to the same value. */
function choose(matches: readonly BindingMatch[], text: string, file: string, attr: string): BindingMatch | undefined {
  const byValue = new Map<string, BindingMatch>();
  const all = preferred(matches);
  for (const match of all) {
    const value = valueOf(match, text);
    if (!byValue.has(value)) byValue.set(value, match);
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

function preferred(matches: readonly BindingMatch[]): readonly BindingMatch[] {
  const exported = matches.filter(({ enclosingLet }) => !enclosingLet);
  const isComputedOnly = exported.length > 0 && exported.every(({ definition }) => definition.kind === 'computed');
  return isComputedOnly ? exported : matches;
}

/** Identifies the value that a match leads to; a computed value may differ by its path. */
function valueOf({ definition, node, path }: BindingMatch, text: string): string {
  const followed = follow(definition, spanOf(node), text);
  return isComputed(followed) ? `${followed.start} ${path.join('.')}` : String(followed.node.startIndex);
}

function endTowards({ ends }: BindingSearch, wanted: readonly string[]): End | undefined {
  return ends.find(({ path }) => path.length < wanted.length && path.every((name, index) => name === wanted[index]));
}
