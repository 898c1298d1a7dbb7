import type { Place } from '../../nix/notes.ts';
import { attributeNames } from '../attrset-bindings.ts';
import { isComputed } from '../list.ts';
import { unknownScope } from '../scope.ts';
import { type ParsedText, stripParentheses } from '../syntax.ts';
import { type ListValue, readListValue } from '../value.ts';
import { type Attr, selectByPath } from './attr.ts';
import { constructsAround } from './construct.ts';
import { chainTo, definitionAt, letBinding } from './place-chain.ts';

/**
 * The only list of its name or path in the file, where it is written out inside of a call, so that nothing but the call can
 * change it; `undefined`: there is another one, or it is somewhere else.
 */
export function findLiteral(
  parsed: ParsedText,
  attr: Attr,
): { readonly place: Place; readonly value: ListValue } | undefined {
  const [place, ...others] = selectByPath(parsed.notes.places, attr);
  if (!place || others.length > 0 || place.kind !== 'binding') return undefined;
  const constructs = constructsAround(parsed, place);
  if (constructs.length === 0 || constructs.some(({ kind }) => kind !== 'call')) return undefined;
  if (isDead(parsed, place)) return undefined;
  const definition = definitionAt(parsed, place);
  if (definition.kind !== 'value' || stripParentheses(definition.node).type !== 'list_expression') return undefined;
  // Only what is written out is read.
  const literal = { ...definition, scope: unknownScope(definition.node) };
  const value = readListValue([literal], place, parsed.text, undefined);
  return value.some(isComputed) ? undefined : { place, value };
}

/** Whether a place is in the value of a name that a `let` binds and nothing uses. */
function isDead(parsed: ParsedText, place: Place): boolean {
  const chain = chainTo(parsed, place);
  return chain.some((_, index) => {
    const binding = letBinding(chain, index);
    const [name] = binding ? attributeNames(binding, parsed.text) : [];
    return binding !== undefined && (parsed.notes.uses.get(name ?? '') ?? 0) === 0;
  });
}
