import { type Target, targetOf } from '../evaluation/target.ts';
import { findBindings } from './find-binding.ts';
import { follow } from './follow.ts';
import { type Computed, isComputed } from './list.ts';
import { type Environment, readWithVariables, stringBudget, type UnlistedVariable } from './string-value.ts';
import { spanOf, type SyntaxNode } from './syntax.ts';
import { whyComputed } from './why-computed.ts';

/**
 * What a file says about the models directory: its path, why the text alone does not tell and how Nix gets at it, or a variable in
 * it that the file may not see.
 */
export type ModelsDirSetting =
  | { readonly value: string }
  | { readonly computed: Computed; readonly target: Target | undefined }
  | { readonly unlisted: UnlistedVariable };

const PATH = ['modelsDir'];

/** Reads `modelsDir`; `undefined` where the file says nothing about it. */
export function readModelsDir(root: SyntaxNode, text: string, environment: Environment): ModelsDirSetting | undefined {
  // The usual file that says nothing about it is not walked: the name would stand there, unless it is put together.
  if (!/modelsDir|\\|\$\{|\/\//.test(text)) return undefined;
  const { candidates, ends } = findBindings(root, text, PATH);
  const budget = stringBudget();
  const values = candidates.map((candidate): Value => {
    const followed = follow(candidate.definition, spanOf(candidate.node), text);
    if (isComputed(followed)) return followed;
    const { node, scope } = followed;
    return readWithVariables(node, scope, text, environment, budget) ?? whyComputed(node, text);
  });
  const [first, second] = candidates;
  const [value, ...others] = values;
  const side = ends.find(({ path, isSide, isForeign }) => isSide && path.length === 0 && !isForeign());
  if (!first || value === undefined) return side && perhapsIn(side.node, text);
  if (second && !others.every((other) => isSame(other, value))) {
    return { computed: { ...spanOf(second.node), reason: 'by more than one binding of that name' }, target: undefined };
  }
  const asserted = candidates.find(({ assertion }) => assertion);
  if (asserted?.assertion) return { computed: whyComputed(asserted.assertion, text), target: targetOf(asserted, text) };
  if (typeof value === 'string') return { value };
  return isUnlisted(value) ? { unlisted: value } : { computed: value, target: targetOf(first, text) };
}

/** What one binding says: the path, why it is computed, or a variable that it may not see. */
type Value = string | Computed | UnlistedVariable;

/** The setting of a file whose result may have a `modelsDir` from an expression that the text does not tell. */
export function perhapsIn(node: SyntaxNode, text: string): ModelsDirSetting {
  const { reason, ...span } = whyComputed(node, text);
  return { computed: { ...span, reason: `if set at all, ${reason}` }, target: { text, path: PATH, isBody: false } };
}

function isSame(one: Value, other: Value): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.start === other.start && isUnlisted(one) === isUnlisted(other);
}

function isUnlisted(value: Computed | UnlistedVariable): value is UnlistedVariable {
  return 'variable' in value;
}
