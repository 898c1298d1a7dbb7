import { targetOf } from '../evaluation/target.ts';
import { nestedTooDeeply, syntaxError, tooComplexToParse } from '../messages/registry.ts';
import { LimitExceeded } from '../nix/problems.ts';
import { placeOf } from './diagnostic.ts';
import { joinNames } from './follow.ts';
import { isComputed } from './list.ts';
import { MODELS_DIR, perhapsIn, readModelsDir } from './models-dir.ts';
import { asRegistry, computedError, type Reading, type ReadOptions, type Registry } from './registry.ts';
import { type Attr, leadsTo, parseAttr } from './search/attr.ts';
import type { BindingMatch, BindingSearch, Condition, End } from './search/binding-search.ts';
import { ambiguity } from './search/ambiguity.ts';
import { bindsOther, choose } from './search/choose.ts';
import { contentOf } from './search/content.ts';
import { findBindings } from './search/find-bindings.ts';
import { findLiteral } from './search/literal.ts';
import { changeAt, notFound } from './search/unreachable.ts';
import { otherDefinition } from './search/other-definition.ts';
import { MODEL_SOURCES } from './sources/find-sources.ts';
import { readModelSources } from './sources/read-sources.ts';
import { type Parse, type ParsedText, parseText, spanOf } from './syntax.ts';
import { type ListValue, readListValue } from './value.ts';
import { shorten, whyComputed } from './why-computed.ts';

export const DEFAULT_ATTR = 'activeModels';

/** Reads a registry without Nix. Throws (exit 3), with the place, if there is no list, more than one, or a syntax error. */
export function readStatically(parse: Parse, text: string, options: ReadOptions): Reading {
  try {
    return read(parse, text, options);
  } catch (cause) {
    if (cause instanceof LimitExceeded && cause.limit === 'work') throw tooComplexToParse(options.file, cause);
    // Nesting below the limit may still exhaust the stack, by long expressions at each level.
    if (!(cause instanceof LimitExceeded || cause instanceof RangeError)) throw cause;
    throw nestedTooDeeply(options.file, cause);
  }
}

/** Reads a registry without Nix; throws where the list needs Nix to evaluate. */
export function readRegistry(parse: Parse, text: string, options: ReadOptions): Registry {
  const reading = readStatically(parse, text, options);
  const registry = asRegistry(reading);
  if (!isComputed(registry)) return registry;
  throw computedError(reading, registry);
}

function read(parse: Parse, text: string, options: ReadOptions): Reading {
  const { file, attr: given = DEFAULT_ATTR, environment } = options;
  const attr = parseAttr(given);
  const parsed = parseText(parse, text, [attr.path.at(-1) ?? '', MODELS_DIR, MODEL_SOURCES]);
  if ('message' in parsed) throw syntaxError(parsed.message, parsed.hint, placeOf(file, text, parsed));
  const search = findBindings(parsed, attr.path);
  const choice = choose(parsed, search.matches, attr);
  if (choice?.kind === 'several') throw ambiguity(parsed, choice, attr, file);
  const modelsDir = readModelsDir(parsed, environment, choice?.match.condition);
  const ends = endsTowards(search, attr.path);
  const chosen = choice?.match;
  const isFound = chosen !== undefined && !ends.some((end) => mayHide(parsed, end, chosen, attr));
  const literal = !isFound && options.literal === true ? findLiteral(parsed, attr) : undefined;
  const [end] = isFound || literal ? [] : ends;
  const sources = readModelSources(parsed, file, chosen, end);
  const common = { file, text, attrpath: given, uses: parsed.notes.uses, sources };
  if (isFound) {
    const { value, condition } = valueOf(parsed, chosen, attr);
    const isHidden = search.matches.every(({ enclosingLet }) => enclosingLet !== undefined);
    const target = targetOf(chosen, text);
    return { ...common, modelsDir, value, binding: spanOf(chosen.node), isHidden, condition, target };
  }
  if (literal) {
    const { place, value } = literal;
    return { ...common, modelsDir, value, binding: place, isHidden: false, condition: undefined, target: undefined };
  }
  if (!end) throw notFound(parsed, attr, file);
  const target = { text, path: attr.path, isBody: false };
  const change = changeAt(parsed, attr);
  const value = [{ ...whyComputed(end.node, text), ...(change !== undefined && { change }) }];
  const dir = modelsDir ?? perhapsIn(end.node, text);
  const binding = spanOf(end.node);
  return { ...common, value, binding, isHidden: false, condition: undefined, modelsDir: dir, target };
}

function valueOf(
  parsed: ParsedText,
  match: BindingMatch,
  attr: Attr,
): { readonly value: ListValue; readonly condition: string | undefined } {
  const { text } = parsed;
  if (match.obstacle) return { value: [match.obstacle], condition: undefined };
  const binding = spanOf(match.node);
  const { parts, names, condition, inModule } = contentOf(match, text);
  // A name that was asked for means the binding itself, wherever its set is used.
  const led = attr.isName ? names : joinNames(names, match.names);
  const listed = readListValue(parts, binding, text, led);
  const other = inModule ? otherDefinition(parsed, match) : undefined;
  const obstacles = [...(other ? [other] : []), ...(match.assertion ? [whyComputed(match.assertion, text)] : [])];
  return { value: [...obstacles, ...listed], condition: describeCondition(condition, text) };
}

/** A condition in words, from the outside in: "`else` of `isCI`, `then` of `isLinux`". */
function describeCondition(condition: Condition | undefined, text: string): string | undefined {
  const parts: string[] = [];
  for (let each = condition; each; each = each.outer) {
    parts.unshift(`\`${each.branch}\` of \`${shorten(text.slice(each.of.startIndex, each.of.endIndex))}\``);
  }
  return parts.length === 0 ? undefined : parts.join(', ');
}

// A computed expression may have a list of its own as an attribute, so that the one bound in a `let` is not the file's.
// Only a call of a function from an argument, like `mkShell { … }`, is not expected to, unless its text binds one.
function mayHide(parsed: ParsedText, { node, isForeign }: End, match: BindingMatch, { path }: Attr): boolean {
  const { enclosingLet } = match;
  if (!enclosingLet) return false;
  const isOwnBinding = match.path.length - enclosingLet.depth === path.length;
  const isCall = node.type === 'apply_expression' && isForeign();
  return !isOwnBinding || !isCall || bindsOther(parsed, match, spanOf(node));
}

function endsTowards({ ends }: BindingSearch, wanted: readonly string[]): readonly End[] {
  return ends.filter(({ path }) => path.length < wanted.length && leadsTo(path, wanted));
}
