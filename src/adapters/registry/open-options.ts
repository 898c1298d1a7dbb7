import type { ReadOptions } from '../../core/registry/registry.ts';
import { isAttr } from '../../core/registry/search/attr.ts';
import type { Nix } from '../nix/nix.ts';

export interface OpenOptions extends ReadOptions {
  /** Evaluates computed values; `undefined`: they are errors. */
  readonly nix: Nix | undefined;
  /** Whether the value of `modelsDir` is needed too. */
  readonly wantsModelsDir: boolean;
  /** Whether Nix is asked for `modelSources` too, where they are computed. */
  readonly wantsSources: boolean;
  /** The folder that a relative flake reference is meant from. */
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** `--attr` names a flake's output, like `.#lib.activeModels`, rather than a binding of the file. */
export function isFlakeReference(attr: string | undefined): attr is string {
  return attr?.includes('#') === true && !isAttr(attr);
}

/** The options for reading the text alone: a flake's output is looked for under the usual name. */
export function textOptions({ file, attr, literal, environment }: ReadOptions): ReadOptions {
  return { file, environment, literal, attr: isFlakeReference(attr) ? undefined : attr };
}
