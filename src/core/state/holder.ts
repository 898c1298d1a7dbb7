import { readObject } from '../json.ts';

/** A process that holds a lock, as it is named in a file. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's ticks since the start of the system; numbers of processes are used again. */
  readonly start: string;
  /** Names one run of the system: another one means that it was restarted. */
  readonly boot: string;
  /** Names the machine, also after a restart; empty where it is unknown, as in containers. */
  readonly machine: string;
  /** The namespace in which `pid` is a process: each container has its own. */
  readonly namespace: string;
}

/** The system that asks about a holder. */
export interface System extends Pick<LockHolder, 'boot' | 'machine' | 'namespace'> {
  /** When a process started; `undefined`: there is no such process; empty: it is running, but hides when it started. */
  readonly startOf: (pid: number) => string | undefined;
}

/** Reads a holder; `undefined` where the text does not name one. */
export function parseHolder(text: string): LockHolder | undefined {
  const { pid, host, start, boot, machine, namespace } = readObject(text) ?? {};
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof start !== 'string') return undefined;
  if (typeof boot !== 'string' || typeof machine !== 'string' || typeof namespace !== 'string') return undefined;
  return { pid, host, start, boot, machine, namespace };
}

/**
 * Whether a holder has ended for certain. A suspended process has not, nor has one that cannot be seen from here: on another
 * machine, or in another container.
 */
export function hasEnded(holder: LockHolder, system: System): boolean {
  if (holder.boot !== system.boot) return holder.machine !== '' && holder.machine === system.machine;
  if (holder.namespace !== system.namespace) return false;
  const start = system.startOf(holder.pid);
  return start === undefined || (start !== '' && holder.start !== '' && start !== holder.start);
}
