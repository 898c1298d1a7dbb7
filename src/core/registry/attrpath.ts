/** The names of an attrpath as people type it: `a.b`, and `a."b.c"` for a name with a dot in it. */
export function parseAttrpath(given: string): readonly string[] {
  return Array.from(given.matchAll(/"((?:[^"\\]|\\.)*)"|([^."]+)/g), ([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
}

/** Whether the last names of a path are the wanted ones. */
export function endsWith(path: readonly string[], wanted: readonly string[]): boolean {
  return (
    wanted.length <= path.length && wanted.every((name, index) => path[path.length - wanted.length + index] === name)
  );
}

const NAME = /(?:"(?:[^"\\]|\\.)*"|[a-zA-Z0-9_][a-zA-Z0-9_'-]*)/.source;
const ATTRPATH = new RegExp(`^${NAME}(?:\\.${NAME})*$`);

/** Whether a text is an attrpath: names with dots between them, in quotes where they have other characters than names in Nix. */
export function isAttrpath(given: string): boolean {
  return ATTRPATH.test(given);
}
