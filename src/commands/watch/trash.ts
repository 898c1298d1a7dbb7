import { isNoSpace } from '../../adapters/fs/errors.ts';
import { type SharedLock, withDirectoryLock } from '../../adapters/lock/flock.ts';
import { writeChange } from '../../adapters/registry/write-registry.ts';
import type { ModelsDir } from '../../adapters/store/models-dir.ts';
import { nothingToUndo } from '../../core/messages/notices.ts';
import type { Sized } from '../../core/plan/plan.ts';
import type { WatchEvent } from '../../core/watch/events.ts';
import { listedElsewhere, readOthers } from '../session/roots.ts';
import type { Context } from '../session/context.ts';
import { listChange, type Session } from '../session/session.ts';
import { errorEvent } from './pauses.ts';

interface TrashEntry extends Sized {
  readonly modelsDir: ModelsDir;
  /** When it was moved there, by the file system's clock. */
  readonly putAt: number;
  /** When it is purged, in milliseconds of `performance.now()`. */
  readonly until: number;
}

/** What a session pruned and can still restore. */
export class Trash {
  readonly #context: Context;
  #entries: readonly TrashEntry[] = [];
  readonly #locks = new Map<string, SharedLock>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Takes the shared lock of the trash of a models directory; false where the disk is too full for it. */
  async hold({ path, undo }: ModelsDir): Promise<boolean> {
    try {
      if (!this.#locks.has(path)) this.#locks.set(path, await undo.hold());
      return true;
    } catch (error) {
      if (isNoSpace(error)) return false;
      throw error;
    }
  }

  add(modelsDir: ModelsDir, removed: readonly Sized[], until: number): void {
    const entries = removed.flatMap((file): readonly TrashEntry[] => {
      const putAt = modelsDir.undo.putAt(file.name);
      return putAt === undefined ? [] : [{ ...file, modelsDir, putAt, until }];
    });
    this.#entries = [...this.#entries.filter(({ name }) => entries.every((each) => each.name !== name)), ...entries];
  }

  /** Drops entries that were restored, or purged by a process that needed the space. */
  refresh(): void {
    this.#entries = this.#entries.filter(isInTrash);
  }

  /** When the next entry is purged; `undefined`: the trash is empty. */
  get next(): number | undefined {
    return this.#entries.length === 0 ? undefined : Math.min(...this.#entries.map(({ until }) => until));
  }

  /** The files of the last prune. */
  get latest(): readonly TrashEntry[] {
    const youngest = Math.max(...this.#entries.map(({ until }) => until));
    return this.#entries.filter(({ until }) => until === youngest);
  }

  /**
   * Purges what has expired, and restores what a registry lists again. Returns what was restored. Throws where another registry
   * cannot be read, or another process has the lock: then everything stays for later.
   */
  async purge(session: Session, now: number): Promise<readonly string[]> {
    this.refresh();
    const first = this.#entries.find(({ until }) => until <= now);
    if (!first) return [];
    const { modelsDir } = first;
    const due = this.#entries.filter((entry) => entry.until <= now && entry.modelsDir.path === modelsDir.path);
    return withDirectoryLock(modelsDir.lockPath, { wait: 0, delay: this.#context.host.delay }, async () => {
      const others = await readOthers(this.#context, { ...session, modelsDir });
      const listed = new Set([...session.active.map(({ name }) => name), ...listedElsewhere(others)]);
      const restored: string[] = [];
      for (const { name } of due.filter(isInTrash)) {
        const isListed = listed.has(name);
        if (isListed && modelsDir.undo.back(name)) restored.push(name);
        else modelsDir.undo.free(name);
        if (!isListed && !modelsDir.isOccupied(name)) modelsDir.forget(name);
      }
      this.refresh();
      this.#context.reporter.log('info', 'trash purged', { names: due.map(({ name }) => name), restored });
      return restored;
    });
  }

  /** Releases the trash: the next command purges what is left in it. */
  async release(): Promise<void> {
    for (const lock of this.#locks.values()) await lock.release();
  }
}

/** Whether a file is still the one that this session moved there; another session may have pruned it again. */
function isInTrash({ modelsDir, name, putAt }: TrashEntry): boolean {
  return modelsDir.undo.putAt(name) === putAt;
}

type Emit = (event: WatchEvent) => void;

/** Undoes the last prune by adding the models to the list again, which restores their files as any save does. */
export async function undoLast({ reporter }: Context, session: Session, trash: Trash, emit: Emit): Promise<void> {
  const { read } = session;
  trash.refresh();
  const names = trash.latest.map(({ name }) => name);
  if (names.length === 0) return reporter.notice(nothingToUndo());
  try {
    await writeChange(read, listChange(session, { kind: 'add', names }));
  } catch (error) {
    emit(errorEvent(error));
  }
}

/** Purges what has expired; false where that is not possible now. */
export async function purgeExpired(
  { reporter }: Context,
  session: Session,
  trash: Trash,
  now: number,
  emit: Emit,
): Promise<boolean> {
  try {
    const names = await trash.purge(session, now);
    if (names.length > 0) emit({ event: 'restore', names });
    return true;
  } catch (error) {
    reporter.log('info', 'trash left as it is', { reason: errorEvent(error).message });
    return false;
  }
}
