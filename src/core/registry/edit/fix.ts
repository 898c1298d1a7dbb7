import { quote } from '../../nix/literals.ts';
import type { Finding } from '../lint.ts';
import type { StringList } from '../list.ts';
import { literalLists, type Reading, type ReadOptions } from '../registry.ts';
import type { Parse } from '../syntax.ts';
import { endOfEdits, removeElement } from './edit.ts';
import { endWithTrailingComments, ownsLine, type TextEdit } from './layout.ts';
import { applyStep, editableLists, inOrder, isSameValue, type Step, type Values, valuesAfter } from './step.ts';

/** A text with the sure fixes applied, and the findings that they fix. */
export interface Fixed {
  readonly reading: Reading;
  readonly fixed: readonly Finding[];
}

type Sure = Finding & { readonly fix: NonNullable<Finding['fix']> };

/**
 * Applies the sure fixes: replaces a misspelt name, removes a repeated entry. As many as possible are one step, which is read
 * again and checked like any other. Entries outside the lists of the file, or in a list that is part of the value more than
 * once, are not changed.
 */
export function fixList(reading: Reading, findings: readonly Finding[], parse: Parse, options: ReadOptions): Fixed {
  const fixed = new Set<Finding>();
  let current = reading;
  let pending = fixesIn(fixableLists(reading), findings);
  for (;;) {
    const round = fixRound(current, pending);
    if (round.applied.length === 0) break;
    current = applyStep(current, round, parse, options);
    for (const finding of round.applied) fixed.add(finding);
    ({ pending } = round);
  }
  return { reading: current, fixed: findings.filter((finding) => fixed.has(finding)) };
}

function fixableLists(reading: Reading): readonly StringList[] {
  const counts = new Map<number, number>();
  for (const { start } of literalLists(reading.value)) counts.set(start, (counts.get(start) ?? 0) + 1);
  return inOrder(editableLists(reading)).filter(({ start }) => counts.get(start) === 1);
}

function fixesIn(lists: readonly StringList[], findings: readonly Finding[]): ReadonlyMap<number, Sure> {
  const editable = new Set(lists.flatMap(({ elements }) => elements.map(({ start }) => start)));
  const found = new Map(findings.map((finding) => [finding.entry, finding]));
  const willBeRenamed = ({ entry, fix }: Finding): boolean => fix?.kind === 'rename' && editable.has(entry.start);
  // A repeated entry is dropped only if the first one is correct, or will be.
  const isPossible = ({ fix }: Sure): boolean => {
    const other = fix.kind === 'drop' ? found.get(fix.first) : undefined;
    return other === undefined || willBeRenamed(other);
  };
  const possible = findings.filter(isSure).filter((each) => editable.has(each.entry.start) && isPossible(each));
  return new Map(possible.map((finding) => [finding.entry.start, finding]));
}

interface Round extends Step {
  readonly applied: readonly Sure[];
  /** Fixes for the next round, because they would change the same blanks; by their offsets after this round. */
  readonly pending: Map<number, Sure>;
}

function fixRound(reading: Reading, fixes: ReadonlyMap<number, Sure>): Round {
  const edits: TextEdit[] = [];
  const applied = new Map<number, Sure>();
  const pending = new Map<number, Sure>();
  let free = 0;
  let grown = 0;
  const elements = fixableLists(reading).flatMap((list) =>
    list.elements.map((element, index) => ({ list, element, index })),
  );
  for (const { list, element, index } of elements) {
    const finding = fixes.get(element.start);
    if (!finding) continue;
    const own = editsFor(reading.text, list, index, finding.fix);
    const isFree = own.every(({ start }) => start >= free);
    if (!isFree) pending.set(element.start + grown, finding);
    else {
      applied.set(element.start, finding);
      edits.push(...own);
      free = endOfEdits(reading.text, element, own);
      for (const { start, end, text } of own) grown += text.length - (end - start);
    }
  }
  const wanted = valuesAfter(reading, ({ start, value }) => {
    const fix = applied.get(start)?.fix;
    if (!fix) return value;
    return fix.kind === 'rename' ? fix.to : undefined;
  });
  const accepts = (_before: Values, after: Values): boolean => isSameValue(after, wanted);
  const work = [...applied.values()].map(byHand).join(', ');
  return { edits, accepts, byHand: work, applied: [...applied.values()], pending };
}

function editsFor(text: string, list: StringList, index: number, fix: Sure['fix']): readonly TextEdit[] {
  const element = list.elements[index];
  if (!element) return [];
  if (fix.kind === 'rename') return [{ start: element.start, end: element.end, text: quote(fix.to) }];
  // A repeated entry with a comment on its line is commented out rather than deleted, to keep the comment.
  const hasNote = endWithTrailingComments(text, list, element) > element.end && ownsLine(text, list, element);
  return removeElement(text, list, index, hasNote ? 'comment' : 'delete');
}

/** A fix as an instruction to the user. */
export function byHand({ entry: { value, line }, fix }: Finding): string {
  const where = line === null ? '' : ` on line ${line}`;
  return fix?.kind === 'rename'
    ? `replace ${quote(value)} with ${quote(fix.to)}${where}`
    : `remove ${quote(value)}${where}`;
}

function isSure(finding: Finding): finding is Sure {
  return finding.fix !== undefined;
}
