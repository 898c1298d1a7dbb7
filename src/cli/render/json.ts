/** JSON as one line, fit for a terminal too: JSON itself lets some control characters stand as they are. */
export function jsonText(value: unknown): string {
  // Outside of strings it is plain ASCII, so that what is escaped means the same.
  const text = JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escape);
  return `${text}\n`;
}

function escape(char: string): string {
  return char.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
