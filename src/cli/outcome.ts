import type { Context } from '../commands/session/session.ts';
import type { Invocation } from '../commands/definition.ts';
import type { Style } from '../adapters/terminal/style.ts';

/** What a command gives back: one document for programs, text for people, and the exit code. */
export interface Outcome {
  readonly json: unknown;
  readonly text: string;
  readonly exitCode: number;
}

/** What a command gives back that has printed line by line what there was to say. */
export type Streamed = Pick<Outcome, 'exitCode'>;

export type Action = (context: Context, invocation: Invocation, style: Style) => Outcome | Promise<Outcome | Streamed>;
