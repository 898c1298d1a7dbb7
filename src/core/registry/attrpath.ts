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
