import type { Span } from '../nix/problem.ts';
import { isComputed, type Computed } from './list.ts';
import { walkSpine } from './spine.ts';
import { readWithVariables, type Environment, type UnlistedVariable } from './string-value.ts';
import { spanOf, type SyntaxNode } from './syntax.ts';
import { targetOf, type Target } from '../evaluation/target.ts';
import { follow } from './value.ts';
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
  const { candidates, ends } = walkSpine(root, text, PATH);
  const settings = candidates.map((candidate): ModelsDirSetting => {
    const target = targetOf(candidate, text);
    if (candidate.assertion) return { computed: whyComputed(candidate.assertion, text), target };
    const followed = follow(candidate.definition, spanOf(candidate.node), text);
    if (isComputed(followed)) return { computed: followed, target };
    const value = readWithVariables(followed.node, followed.scope, text, environment);
    if (typeof value === 'object') return { unlisted: value };
    return value === undefined ? { computed: whyComputed(followed.node, text), target } : { value };
  });
  const [first, ...others] = settings;
  const side = ends.find(({ path, isSide, isForeign }) => isSide && path.length === 0 && !isForeign);
  if (!first) return side && perhapsIn(side.node, text);
  if (others.every((other) => isSame(other, first))) return first;
  const second: Span = spanOf((candidates[1] as (typeof candidates)[number]).node);
  return { computed: { ...second, reason: 'by more than one binding of that name' }, target: undefined };
}

/** The setting of a file whose result may have a `modelsDir` from an expression that the text does not tell. */
export function perhapsIn(node: SyntaxNode, text: string): ModelsDirSetting {
  const { reason, ...span } = whyComputed(node, text);
  return { computed: { ...span, reason: `if at all, ${reason}` }, target: { text, path: PATH, isBody: false } };
}

function isSame(one: ModelsDirSetting, other: ModelsDirSetting): boolean {
  if ('value' in one) return 'value' in other && one.value === other.value;
  if ('unlisted' in one) return 'unlisted' in other && one.unlisted.start === other.unlisted.start;
  return 'computed' in other && one.computed.start === other.computed.start;
}
