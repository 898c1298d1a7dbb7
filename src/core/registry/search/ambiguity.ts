import type { WhisperError } from '../../errors.ts';
import { ambiguousList, type AmbiguousPlace } from '../../messages/registry.ts';
import type { Place } from '../../nix/notes.ts';
import { shellWord } from '../../shell-value.ts';
import { placeOf, Positions } from '../diagnostic.ts';
import { type ParsedText, stripParentheses } from '../syntax.ts';
import { type Attr, attrOf, isSamePath, parseAttr } from './attr.ts';
import type { BindingMatch } from './binding-search.ts';
import { choose, type Choice } from './choose.ts';
import { constructsAround } from './construct.ts';
import { definitionAt } from './place-chain.ts';

/** The error for a name that is bound more than once, with the `--attr` that selects each binding. */
export function ambiguity(
  parsed: ParsedText,
  { matches, others }: Extract<Choice, { kind: 'several' }>,
  attr: Attr,
  file: string,
): WhisperError {
  const positions = new Positions(parsed.text);
  const places = [
    ...matches.map((match) => ({ start: match.node.startIndex, find: () => ofMatch(parsed, match, matches) })),
    ...others.map((place) => ({ start: place.start, find: () => ofPlace(parsed, place) })),
  ]
    .toSorted((one, other) => one.start - other.start)
    .filter(({ start }, index, all) => start !== all[index - 1]?.start);
  const shown = places
    .slice(0, MOST_SHOWN)
    .map(({ start, find }): AmbiguousPlace => ({ ...positions.at(start), ...find() }));
  const start = places[1]?.start ?? 0;
  const place = placeOf(file, parsed.text, { start, end: start + attr.given.length });
  return ambiguousList(attr.given, shown, places.length - shown.length, place);
}

// A file may have thousands.
const MOST_SHOWN = 10;

type Selection = Pick<AmbiguousPlace, 'option' | 'what'>;

function ofMatch(parsed: ParsedText, match: BindingMatch, matches: readonly BindingMatch[]): Selection {
  const option = attrOf(match.path);
  const chosen = option === undefined ? undefined : choose(parsed, matches, parseAttr(option));
  const isSelected = chosen?.kind === 'one' && chosen.match.node === match.node;
  if (option === undefined || !isSelected) return { option: undefined, what: 'cannot be selected' };
  return { option: `--attr ${shellWord(option)}`, what: undefined };
}

function ofPlace(parsed: ParsedText, place: Place): Selection {
  if (place.kind === 'argument') return { option: undefined, what: 'an argument' };
  if (place.kind === 'inherit') return { option: undefined, what: 'inherited' };
  const definition = definitionAt(parsed, place);
  const isLiteral = definition.kind === 'value' && stripParentheses(definition.node).type === 'list_expression';
  const constructs = constructsAround(parsed, place);
  const isInCall = constructs.length > 0 && constructs.every(({ kind }) => kind === 'call');
  const isAlone = parsed.notes.places.filter(({ path }) => isSamePath(path, place.path)).length === 1;
  const isReadable = isLiteral && isAlone && (isInCall || constructs.length === 0);
  const attr = isReadable ? attrOf(place.path) : undefined;
  if (attr === undefined) return { option: undefined, what: isInCall ? 'in a call' : 'cannot be selected' };
  return { option: `--attr ${shellWord(attr)}${isInCall ? ' --literal' : ''}`, what: undefined };
}
