import fc from 'fast-check';
import { layout, layOut } from './layout.ts';
import { literalList, partlyComputedList, staticList, type ListExpression } from './lists.ts';
import { render } from './rendering.ts';
import { evaluatedModule } from './modules.ts';
import { AGAIN, EXPORT } from './parts.ts';
import { letNames, result, sharedSet } from './results.ts';
import { head, otherBindings, outerWrappings, wrap, wrappings } from './surroundings.ts';

/** A registry text, and what is known about it by construction. */
export interface Generated {
  readonly text: string;
  /** The same for Nix, which sees only what a file exports. */
  readonly probe: string;
  /** Where in the value of the probe the list is. */
  readonly path: readonly string[];
  /** What the list comes to; `undefined` where only Nix can tell. */
  readonly names: readonly string[] | undefined;
  /** Whether a reader has to read it: a list of literals, one that is put together of such, or anything that Nix can evaluate. */
  readonly level: 'literal' | 'static' | 'beyond';
  readonly isModule: boolean;
  /** Whether an edit of the list would change another attribute. */
  readonly isShared: boolean;
}

const around = fc.record({
  head,
  outer: outerWrappings,
  inner: wrappings,
  others: otherBindings,
  scope: fc.constantFrom('let', 'lets', 'reversed', 'inherited', 'shared'),
  result,
  layout,
});
type Around = typeof around extends fc.Arbitrary<infer T> ? T : never;

/** Registries whose list is written as a plain list of string literals. */
export const literalRegistry = fc.tuple(literalList, around).map((parts) => generated('literal', ...parts));

/** Registries whose list is put together of literals: `++`, names, parentheses, interpolation of names. */
export const staticRegistry = fc.tuple(staticList, around).map((parts) => generated('static', ...parts));

/** All kinds of registries that have a value without arguments. */
export const registry: fc.Arbitrary<Generated> = fc.oneof(literalRegistry, { weight: 2, arbitrary: staticRegistry });

/** Registries whose list needs an evaluator, as a whole or in parts. */
export const partlyComputedRegistry = fc
  .tuple(partlyComputedList, around)
  .map((parts) => generated('beyond', ...parts));

function generated(level: Generated['level'], list: ListExpression, given: Around): Generated {
  const { template, names, bindings } = render(list);
  const isShared = given.scope === 'shared' && bindings.length > 0;
  const form = isShared ? sharedSet(bindings) : given.result;
  const body = wrap(form.write(template, given.others), given.inner);
  const inner = given.scope === 'shared' ? body : letNames(bindings, body, given.scope);
  const text = layOut(given.head + wrap(inner, given.outer), given.layout);
  const isOpen = form.beyondReading === true || form.isModule === true || text.includes(AGAIN);
  const isModule = form.isModule === true;
  const exported = text.replaceAll(EXPORT, ' inherit activeModels;').replaceAll(AGAIN, '');
  return {
    text: text.replaceAll(EXPORT, '').replaceAll(AGAIN, ''),
    probe: isModule ? evaluatedModule(exported) : exported,
    path: form.path,
    names: isOpen ? undefined : names,
    level: isOpen ? 'beyond' : level,
    isModule,
    isShared: form.isShared === true,
  };
}
