import { block, code, LINE } from './layout.ts';

/** Stands where a text that does not export its list has to do so for Nix to see it. */
export const EXPORT = '\uE005';

/** Stands where a text binds the list's name to something else: a reader that is asked for the name alone cannot choose. */
export const AGAIN = '\uE006';

/** How the set that a module results in is written, around the template of a list. */
export interface Result {
  readonly write: (list: string, others: readonly string[]) => string;
  /** Where in the value the list is. */
  readonly path: readonly string[];
  /** Nix can tell the value, but a reader may leave it alone. */
  readonly beyondReading?: boolean;
  /** The list is also another attribute, so that an edit may be refused. */
  readonly isShared?: boolean;
  /** A module: a reader may leave it alone where the file defines the functions itself. */
  readonly isModule?: boolean;
}

/** The path of a list at the top of a result. */
export const PLAIN = ['activeModels'];

// Templates of the expressions that results are made of.
export const set = (...lines: readonly string[]): string =>
  block(
    '{',
    lines.filter((line) => line !== ''),
    '}',
  );
export const rec = (...lines: readonly string[]): string => `rec${code(' ')}${set(...lines)}`;
export const letIn = (bindings: readonly string[], body: string): string =>
  `${block('let', bindings, 'in')}${LINE}${body}`;
export const binding = (name: string, value: string): string => `${code(`${name} = `)}${value}${code(';')}`;
