import { isNoSpace } from '../../adapters/fs/errors.ts';
import { type SharedLock, withDirectoryLock } from '../../adapters/fs/flock.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import { nothingToUndo } from '../../core/messages/notices.ts';
import type { Sized } from '../../core/plan/plan.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import { listedElsewhere, readOthers } from '../session/roots.ts';
import { type Context, listChange, type Session } from '../session/session.ts';
import { troubleEvent } from './pauses.ts';

/** Something that this session pruned and can still give back. */
interface TrashEntry extends Sized {
  readonly modelsDir: ModelsDir;
  /** When it was put there, as the file system says. */
  readonly putAt: number;
  /** Milliseconds of the session's clock at which it is freed. */
  readonly until: number;
}

/** What a session pruned, for as long as it can be given back. */
export class Trash {
  readonly #context: Context;
  #puts: readonly TrashEntry[] = [];
  readonly #holds = new Map<string, SharedLock>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Promises, in a models directory, to restore or purge what is pruned; false where the disk is too full to say so. */
  async hold({ path, undo }: ModelsDir): Promise<boolean> {
    try {
      if (!this.#holds.has(path)) this.#holds.set(path, await undo.hold());
      return true;
    } catch (error) {
      if (isNoSpace(error)) return false;
      throw error;
    }
  }

  /** Remembers what was just pruned. */
  add(modelsDir: ModelsDir, removed: readonly Sized[], until: number): void {
    const puts = removed.flatMap((file): readonly TrashEntry[] => {
      const putAt = modelsDir.undo.putAt(file.name);
      return putAt === undefined ? [] : [{ ...file, modelsDir, putAt, until }];
    });
    this.#puts = [...this.#puts.filter(({ name }) => puts.every((each) => each.name !== name)), ...puts];
  }

  /** Forgets what is there no more: given back, or freed by somebody who needed the space. */
  refresh(): void {
    this.#puts = this.#puts.filter(isThere);
  }

  /** When the next is freed; `undefined`: there is nothing. */
  get next(): number | undefined {
    return this.#puts.length === 0 ? undefined : Math.min(...this.#puts.map(({ until }) => until));
  }

  /** What can be given back now, the youngest prune's first. */
  get latest(): readonly TrashEntry[] {
    const youngest = Math.max(...this.#puts.map(({ until }) => until));
    return this.#puts.filter(({ until }) => until === youngest);
  }

  /**
   * Frees what was pruned until then, unless somebody lists it by now: that goes back. Returns what went back. Throws where
   * it cannot be told who lists what, or another process is at work: then it stays for later.
   */
  async settle(session: Session, now: number): Promise<readonly string[]> {
    this.refresh();
    const first = this.#puts.find(({ until }) => until <= now);
    if (!first) return [];
    const { modelsDir } = first;
    const due = this.#puts.filter((put) => put.until <= now && put.modelsDir.path === modelsDir.path);
    return withDirectoryLock(modelsDir.lockPath, { wait: 0, delay: this.#context.host.delay }, async () => {
      const others = await readOthers(this.#context, { ...session, modelsDir });
      const listed = new Set([...session.active.map(({ name }) => name), ...listedElsewhere(others)]);
      const restored: string[] = [];
      for (const { name } of due.filter(isThere)) {
        const isListed = listed.has(name);
        if (isListed && modelsDir.undo.back(name)) restored.push(name);
        else modelsDir.undo.free(name);
        if (!isListed && !modelsDir.isOccupied(name)) modelsDir.forget(name);
      }
      this.refresh();
      this.#context.reporter.log('info', 'undo: time is over', { names: due.map(({ name }) => name), restored });
      return restored;
    });
  }

  /** Lets go: what is still there is for the next command to deal with. */
  async release(): Promise<void> {
    for (const hold of this.#holds.values()) await hold.release();
  }
}

/** Whether a file is still where this session put it; another session may have pruned it again since. */
function isThere({ modelsDir, name, putAt }: TrashEntry): boolean {
  return modelsDir.undo.putAt(name) === putAt;
}

type Tell = (event: WatchEvent) => void;

/**
 * Undoes the last prune the way a person would: names the models in the list again. That gives their files back, as any
 * save that lists them does.
 */
export async function undoLast({ reporter }: Context, session: Session, undoable: Trash, tell: Tell): Promise<void> {
  const { read, registry } = session;
  undoable.refresh();
  const names = undoable.latest.map(({ name }) => name);
  if (names.length === 0) return reporter.notice(nothingToUndo());
  try {
    await writeChange(read, listChange(registry, { kind: 'add', names }));
  } catch (error) {
    tell(troubleEvent(error));
  }
}

/** Frees what was pruned long enough ago. False: that cannot be done now, so everything stays. */
export async function settleDue(
  { reporter }: Context,
  session: Session,
  undoable: Trash,
  now: number,
  tell: Tell,
): Promise<boolean> {
  try {
    const names = await undoable.settle(session, now);
    if (names.length > 0) tell({ event: 'restore', names });
    return true;
  } catch (error) {
    reporter.log('info', 'undo left as it is', { reason: troubleEvent(error).message });
    return false;
  }
}
