/** Replaces `[start, end)` of the original text by `text`; offsets are UTF-16 code units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits to the text they were made for. The edits are in order, disjoint and in bounds; anything else is a
 * bug and throws.
 */
export function applyEdits(original: string, edits: readonly TextEdit[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text } of edits) {
    if (start < from || end < start || end > original.length) {
      throw new RangeError(
        `edit [${start}, ${end}) is out of order or out of bounds (from ${from} to ${original.length})`,
      );
    }
    result += original.slice(from, start) + text;
    from = end;
  }
  return result + original.slice(from);
}
