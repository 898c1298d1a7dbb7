import { type Target, targetOf } from '../evaluation/target.ts';
import type { BindingMatch, Condition } from './search/binding-search.ts';
import { findBindings } from './search/find-bindings.ts';
import { otherDefinition } from './search/other-definition.ts';
import { follow } from './follow.ts';
import { type Computed, isComputed } from './list.ts';
import { type Environment, readWithVariables, stringBudget, type UnlistedVariable } from './string-value.ts';
import { type ParsedText, spanOf, type SyntaxNode } from './syntax.ts';
import { whyComputed } from './why-computed.ts';

/** The models directory of a file: its path, why it is computed and how Nix evaluates it, or an unlisted variable. */
export type ModelsDirSetting =
  | { readonly value: string }
  | { readonly computed: Computed; readonly target: Target | undefined }
  | { readonly unlisted: UnlistedVariable };

export const MODELS_DIR = 'modelsDir';
const PATH = [MODELS_DIR];

/** Reads `modelsDir`; `undefined` where the file does not set it. `listed`: under which condition the list is defined. */
export function readModelsDir(
  parsed: ParsedText,
  environment: Environment,
  listed: Condition | undefined,
): ModelsDirSetting | undefined {
  const { text } = parsed;
  // Most files do not set it: they are not walked if they have neither the name nor anything that may form it.
  if (!/modelsDir|\\|\$\{|\/\//.test(text)) return undefined;
  const { matches, ends } = findBindings(parsed, PATH);
  const budget = stringBudget();
  const values = matches.map((match): Value => {
    const obstacle = match.obstacle ?? obstacleOf(parsed, match, listed);
    if (obstacle) return obstacle;
    const followed = follow(match.definition, spanOf(match.node), text);
    if (isComputed(followed)) return followed;
    const { node, scope } = followed;
    return readWithVariables(node, scope, text, environment, budget) ?? whyComputed(node, text);
  });
  const [first, second] = matches;
  const [value, ...others] = values;
  const side = ends.find(({ path, isSide, isForeign }) => isSide && path.length === 0 && !isForeign());
  if (!first || value === undefined) return side && perhapsIn(side.node, text);
  if (second && !others.every((other) => isSame(other, value))) {
    return { computed: { ...spanOf(second.node), reason: SEVERAL }, target: undefined };
  }
  const asserted = matches.find(({ assertion }) => assertion);
  if (asserted?.assertion) return { computed: whyComputed(asserted.assertion, text), target: targetOf(asserted, text) };
  if (typeof value === 'string') return { value };
  return isUnlisted(value) ? { unlisted: value } : { computed: value, target: targetOf(first, text) };
}

/** Why a value is computed where the file binds its name more than once. */
export const SEVERAL = 'by more than one binding of that name';

/** Why a value may not be the one beside the list. */
export function obstacleOf(
  parsed: ParsedText,
  match: BindingMatch,
  listed: Condition | undefined,
): Computed | undefined {
  const place = spanOf(match.node);
  if (!holdsWith(listed, match.condition)) return { ...place, reason: 'under a different condition than the list' };
  return match.inModule ? otherDefinition(parsed, match) : undefined;
}

/** Whether a condition holds wherever the one of the list does. */
function holdsWith(listed: Condition | undefined, condition: Condition | undefined): boolean {
  for (let each = condition; each; each = each.outer) {
    const { branch, of } = each;
    let found = listed;
    while (found && (found.branch !== branch || found.of.startIndex !== of.startIndex)) found = found.outer;
    if (!found) return false;
  }
  return true;
}

type Value = string | Computed | UnlistedVariable;

/** The setting of a file whose result may have an attribute, by default `modelsDir`, from a computed expression. */
export function perhapsIn(
  node: SyntaxNode,
  text: string,
  path: readonly string[] = PATH,
): { readonly computed: Computed; readonly target: Target } {
  const { reason, ...span } = whyComputed(node, text);
  return { computed: { ...span, reason: `if set at all, ${reason}` }, target: { text, path, isBody: false } };
}

function isSame(one: Value, other: Value): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.start === other.start && isUnlisted(one) === isUnlisted(other);
}

function isUnlisted(value: Computed | UnlistedVariable): value is UnlistedVariable {
  return 'variable' in value;
}
