/**
 * A value as it stands behind a `=`, the same for a POSIX shell and for those who read dotenv files. Only one that has a single
 * quote beside what a shell expands between double ones is written for the shell alone, and a carriage return is read by shells
 * only.
 */
export function shellValue(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!/["\\$`!]/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "'\\''")}'`;
}

/** A word of a command line, in quotes where it needs them. */
export function shellWord(text: string): string {
  return /^[\w./+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
