import { quote } from '../nix/quote.ts';
import { applyStep, editableLists, type Parse, type Values } from './change.ts';
import { removeElement } from './edit.ts';
import { endWithTrailingComments, ownsLine } from './layout.ts';
import type { Finding } from './lint.ts';
import type { Reading, ReadOptions } from './registry.ts';

/** A text with the sure fixes applied, and the findings that they answer. */
export interface Fixed {
  readonly reading: Reading;
  readonly fixed: readonly Finding[];
}

/**
 * Applies the sure fixes: a misspelt name is replaced, a repeated entry is taken out. Each is an edit inside the list,
 * read again and compared like any other. An entry that does not stand in a list of the file is left to a person.
 */
export function fixList(reading: Reading, findings: readonly Finding[], parse: Parse, options: ReadOptions): Fixed {
  let current = reading;
  const fixed: Finding[] = [];
  // From the last to the first: the offsets before an edit stay true.
  for (const finding of findings.toReversed()) {
    const { entry, fix } = finding;
    const list = editableLists(current).find(({ elements }) =>
      elements.some(({ start, end }) => start === entry.start && end === entry.end),
    );
    if (!fix || !list) continue;
    const index = list.elements.findIndex(({ start }) => start === entry.start);
    const { text } = current;
    // A note on the line of a repeated entry is somebody's words: the line is commented out with it.
    const hasNote = endWithTrailingComments(text, list, entry) > entry.end && ownsLine(text, list, entry);
    const edits =
      fix.kind === 'rename'
        ? [{ start: entry.start, end: entry.end, text: quote(fix.to) }]
        : removeElement(text, list, index, hasNote ? 'comment' : 'delete');
    const wanted = fix.kind === 'rename' ? [fix.to] : [];
    const accepts = (before: Values, after: Values): boolean =>
      before.some(
        (value, at) =>
          value === entry.name && JSON.stringify(before.toSpliced(at, 1, ...wanted)) === JSON.stringify(after),
      );
    const byHand =
      fix.kind === 'rename' ? `write ${quote(fix.to)} for ${quote(entry.name)}` : `take one ${quote(entry.name)} out`;
    current = applyStep(current, { edits, accepts, byHand }, parse, options);
    fixed.unshift(finding);
  }
  return { reading: current, fixed };
}
