import type { Host } from '../../adapters/process/host.ts';
import { isUnicode } from '../terminal/display.ts';

/** The signs of a picker. Nothing is told by a colour alone. */
export interface Marks {
  readonly focused: string;
  readonly chosen: string;
  readonly open: string;
  readonly done: string;
  readonly dot: string;
  readonly cutOff: string;
  readonly above: string;
  readonly below: string;
}

const DRAWN: Marks = { focused: '❯', chosen: '◼', open: '◻', done: '✓', dot: '·', cutOff: '…', above: '↑', below: '↓' };
const TYPED: Marks = {
  focused: '>',
  chosen: '[x]',
  open: '[ ]',
  done: 'ok',
  dot: '-',
  cutOff: '~',
  above: '^',
  below: 'v',
};

export function marksFor(environment: Host['environment']): Marks {
  return isUnicode(environment) ? DRAWN : TYPED;
}
