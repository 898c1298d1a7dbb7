import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { Nix } from '../../adapters/nix/nix.ts';
import type { Host } from '../../adapters/process/host.ts';

export interface CommonOptions {
  readonly file?: string;
  readonly modelsDir?: string;
  readonly attr?: string;
  /** Never run Nix. */
  readonly noEval?: boolean;
  /** Read a list inside a call too. */
  readonly literal?: boolean;
  /** Models that were given by an address, and where they come from. */
  readonly declared?: readonly CatalogueEntry[];
}

export interface Coming {
  readonly name: string;
  readonly size: number | undefined;
}

export interface Step extends Coming {
  /** Bytes that have arrived, or were hashed. */
  readonly received: number;
  readonly connections?: number;
  /** What is done while no bytes arrive. */
  readonly phase?: 'adopting' | 'done';
}

/** How a command reports while it runs; its result is what it returns. */
export interface Reporter {
  notice(text: string): void;
  /** The same, with `--quiet` too. */
  announce(text: string): void;
  /** Starts to show the progress of models. Resolves when it can be shown. */
  progressBegin(models: readonly Coming[]): Promise<void>;
  progress(step: Step): void;
  progressEnd(names: readonly string[]): void;
  /** A server asked to wait for some milliseconds: the rest of that time is shown. */
  waiting(milliseconds: number): void;
  log(level: 'debug' | 'info', event: string, fields: Readonly<Record<string, unknown>>): void;
  /** Hides the progress while something else writes whole lines to the terminal. */
  aside(write: () => void): void;
  /** Shows a line below the progress; `undefined`: none. */
  status(line: string | undefined): void;
}

export interface Context {
  readonly host: Host;
  readonly reporter: Reporter;
  /** Evaluates; one for each command, because it keeps its answers. */
  readonly nix: Nix;
}
