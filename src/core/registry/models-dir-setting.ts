import type { Span } from '../nix/problem.ts';
import { isComputed, type Computed } from './list.ts';
import { walkSpine } from './spine.ts';
import { readString, type Environment } from './string-value.ts';
import { spanOf, type SyntaxNode } from './syntax.ts';
import { targetOf, type Target } from '../evaluation/target.ts';
import { follow } from './value.ts';
import { whyComputed } from './why-computed.ts';

/** What a file says about the models directory: its path, or why the text alone does not tell and how Nix gets at it. */
export type ModelsDirSetting =
  { readonly value: string } | { readonly computed: Computed; readonly target: Target | undefined };

/** Reads `modelsDir`; `undefined` where the file says nothing about it. */
export function readModelsDir(root: SyntaxNode, text: string, environment: Environment): ModelsDirSetting | undefined {
  // The usual file that says nothing about it is not walked: the name would stand there, unless it is put together.
  if (!/modelsDir|\\|\$\{/.test(text)) return undefined;
  const { candidates } = walkSpine(root, text, ['modelsDir']);
  const settings = candidates.map((candidate): ModelsDirSetting => {
    const target = targetOf(candidate, text);
    const followed = follow(candidate.definition, spanOf(candidate.node), text);
    if (isComputed(followed)) return { computed: followed, target };
    const value = readString(followed.node, followed.scope, text, environment);
    return value === undefined ? { computed: whyComputed(followed.node, text), target } : { value };
  });
  const [first, ...others] = settings;
  if (!first || others.every((other) => isSame(other, first))) return first;
  const second: Span = spanOf((candidates[1] as (typeof candidates)[number]).node);
  return { computed: { ...second, reason: 'by more than one binding of that name' }, target: undefined };
}

function isSame(one: ModelsDirSetting, other: ModelsDirSetting): boolean {
  if ('value' in one) return 'value' in other && one.value === other.value;
  return 'computed' in other && one.computed.start === other.computed.start;
}
