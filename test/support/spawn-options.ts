import type { RunOptions } from './scratch.ts';

/** How a process of its own is run. */
export interface SpawnOptions extends RunOptions {
  /** What is run: the release, unless a path says otherwise. */
  readonly main?: string;
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Milliseconds until it is killed. */
  readonly killAfter?: number;
}
