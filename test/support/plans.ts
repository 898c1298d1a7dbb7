import type { Actual, Desired } from '../../src/core/models/plan.ts';
import { NO_UNDO } from '../../src/core/models/undo.ts';

/** Nothing is listed, nothing wanted. */
export const NOTHING: Desired = {
  active: [],
  elsewhere: [],
  wanted: [],
  refetch: false,
  prune: false,
  unmanaged: false,
  users: new Map(),
};

/** An empty folder on a disk with 1,000 bytes. */
export const EMPTY: Actual = {
  files: [],
  companions: [],
  undo: NO_UNDO,
  partials: [],
  recorded: new Set(),
  damaged: [],
  free: 1000,
};
