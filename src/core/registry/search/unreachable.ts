import type { WhisperError } from '../../errors.ts';
import { changeAround, listNotReachable, missingList, type Surroundings } from '../../messages/registry.ts';
import type { Place } from '../../nix/notes.ts';
import { endsWith } from '../attrset-bindings.ts';
import { placeOf } from '../diagnostic.ts';
import type { ParsedText } from '../syntax.ts';
import { type Attr, isSamePath, parseAttr } from './attr.ts';
import { constructAround } from './construct.ts';
import { findLiteral } from './literal.ts';

/** Where a text seems to bind a name. */
function bindingOf(name: string, text: string): number | undefined {
  return new RegExp(`(?<![\\w'-])${name.replace(/\W/g, '\\$&')}"?\\s*=(?!=)`).exec(text)?.index;
}

const UNKNOWN = { construct: undefined, isLiteral: false };

/** The error for a text that was not parsed, and whose result does not have the list. */
export function noList(file: string, attr: string, text: string): WhisperError {
  const name = parseAttr(attr).path.at(-1) ?? attr;
  const start = bindingOf(name, text);
  if (start === undefined) return missingList(file, attr);
  return listNotReachable(attr, name, UNKNOWN, placeOf(file, text, { start, end: start + name.length }));
}

/** The error for a list that the result of a file does not have. */
export function notFound(parsed: ParsedText, attr: Attr, file: string): WhisperError {
  const { text } = parsed;
  const place = placeIn(parsed, attr);
  // A longer path is another list than the one at the top.
  if (!place || (attr.isAnchored && !isSamePath(place.path, attr.path))) return missingList(file, attr.given);
  const name = attr.path.at(-1) ?? attr.given;
  return listNotReachable(attr.given, name, surroundingsOf(parsed, place, attr), placeOf(file, text, place));
}

/** What makes a list readable that is somewhere inside a computed result. */
export function changeAt(parsed: ParsedText, attr: Attr): string | undefined {
  const place = placeIn(parsed, attr);
  if (!place) return undefined;
  const surroundings = surroundingsOf(parsed, place, attr);
  return surroundings.construct && changeAround(surroundings, attr.path.at(-1) ?? attr.given);
}

function placeIn({ notes }: ParsedText, attr: Attr): Place | undefined {
  return notes.places.find(({ path }) => endsWith(path, attr.path));
}

function surroundingsOf(parsed: ParsedText, place: Place, attr: Attr): Surroundings {
  return { construct: constructAround(parsed, place), isLiteral: findLiteral(parsed, attr) !== undefined };
}
