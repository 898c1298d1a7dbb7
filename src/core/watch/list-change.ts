/** What one list has that another does not; a name that is repeated counts once. */
export interface NameChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Compares two lists of names, whatever their order. */
export function compareLists(before: readonly string[], after: readonly string[]): NameChange {
  const [old, now] = [new Set(before), new Set(after)];
  return { added: [...now].filter((name) => !old.has(name)), removed: [...old].filter((name) => !now.has(name)) };
}
