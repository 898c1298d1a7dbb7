/** The places where the disk has just changed: a process may end at any of them, and nothing may be lost. */
export const FAULT_POINTS = [
  'lock: taken',
  'note: written beside',
  'note: replaced',
  'text: written beside',
  'text: replaced',
  'text: saved beside',
  'text: reserved',
  'text: overwritten',
  'journal: written beside',
  'journal: replaced',
  'partial: opened',
  'partial: sealed',
  'adoption: placed',
  'publish: registered',
  'move: linked',
  'move: exchanged',
  'publish: renamed',
  'publish: recorded',
  'publish: done',
  'prune: roots noted',
  'prune: file removed',
  'prune: partial removed',
  'prune: files hashed',
  'prune: hash noted',
  'undo: put',
  'undo: given back',
  'undo: freed',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

let passed = 0;

/** Not in releases: kills the process where `WHISPER_FAULT_POINT` is `POINT@N` and this is the N-th call for that point. */
export function faultPoint(point: FaultPoint): void {
  const wanted = process.env['WHISPER_FAULT_POINT'];
  if (wanted === undefined || !wanted.startsWith(`${point}@`)) return;
  passed += 1;
  if (wanted === `${point}@${passed}`) process.kill(process.pid, 'SIGKILL');
}
