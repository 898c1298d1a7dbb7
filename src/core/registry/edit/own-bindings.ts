import type { Names } from '../follow.ts';
import type { Reading } from '../registry.ts';
import { parseAttr } from '../search/attr.ts';
import { findBindings } from '../search/find-bindings.ts';
import { findSources, MODEL_SOURCES, type SourceBindings } from '../sources/find-sources.ts';
import type { ParsedText } from '../syntax.ts';
import { writtenSet } from './source-edits.ts';

/** The bindings of `modelSources`, where nothing else in the file has the same value; `undefined`: an edit would change that too. */
export function ownSources(parsed: ParsedText, { sources, uses }: Reading): SourceBindings | undefined {
  const list = sources && 'sources' in sources ? sources.list : undefined;
  const bindings = findSources(parsed, list);
  const { matches, pieces } = bindings;
  const references = matches.filter(({ node }) => !writtenSet(node, parsed.text));
  const isUsed = (uses.get(MODEL_SOURCES) ?? 0) > references.length;
  return isUsed || [...matches, ...pieces].some(({ names }) => isShared(names, uses)) ? undefined : bindings;
}

/** Whether something else in the file has the set that the list is in. */
export function isListSetShared(parsed: ParsedText, { attrpath, uses }: Reading): boolean {
  return findBindings(parsed, parseAttr(attrpath).path).matches.some(({ names }) => isShared(names, uses));
}

function isShared(names: Names | undefined, uses: Reading['uses']): boolean {
  for (let each = names; each; each = each.next) {
    const isCounted = each.name === MODEL_SOURCES;
    if (each.isAttribute || (!isCounted && uses.get(each.name) !== 1)) return true;
  }
  return false;
}
