import type { Host } from '../../src/adapters/process/host.ts';

/** How the program is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly program?: string;
  readonly signal?: AbortSignal;
  /** A terminal on standard error. */
  readonly tty?: boolean;
  readonly delay?: Host['delay'];
  /** `kill` sends a signal to the program. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** How a process of its own is run. */
export interface SpawnOptions extends RunOptions {
  /** What is run: the release, unless a path says otherwise. */
  readonly main?: string;
  /** Without root's right to read and write every file. */
  readonly asPlainUser?: boolean;
  /** Milliseconds until it is killed. */
  readonly killAfter?: number;
}
