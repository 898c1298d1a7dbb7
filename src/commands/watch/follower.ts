import { findGitFolder, gitWork } from '../../adapters/git/working-tree.ts';
import { readSnapshot } from '../../adapters/registry/snapshot.ts';
import { type ErrorCode, WhisperError } from '../../core/errors.ts';
import { keptHashMismatch, nothingToPrune } from '../../core/messages/notices.ts';
import { gitInProgress, modelsDirChanged, modelsDirLocked, registryBeingSaved } from '../../core/messages/watch.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { compareLists, type PauseReason, type WatchEvent } from '../../core/watch/events.ts';
import { planToShow, warnOfMistakes } from '../plan/plan.ts';
import { warnOfOverride } from '../session/override.ts';
import { noteOwn } from '../session/root-notes.ts';
import type { CommonOptions, Context } from '../session/session.ts';
import { Downloads } from './downloads.ts';
import { Hashing } from './hashing.ts';
import type { Accepted } from './list-reader.ts';
import { type WatchPause, troubleEvent } from './pauses.ts';
import { pruneNow, type WatchRules } from './pruning.ts';
import { Trash } from './trash.ts';

export interface WatchOptions extends CommonOptions, WatchRules {
  readonly file: string;
  /** What is added is fetched too. */
  readonly download: boolean;
  /** Milliseconds for which what was pruned can be given back. */
  readonly undo: number;
}

/** Milliseconds until it is tried again, where something is in the way that ends without a save. */
const RETRY: Readonly<Partial<Record<PauseReason, number>>> = { git: 100, busy: 50, root: 2000 };

/** Errors that are no end of the session: something is in the way. */
const OBSTACLES: Readonly<Partial<Record<ErrorCode, PauseReason>>> = {
  busy: 'busy',
  'root-unreadable': 'root',
  'registry-empty': 'empty-list',
};

/** Makes the folder follow the lists that were accepted, one at a time. */
export class Follower {
  readonly undoable: Trash;
  readonly #context: Context;
  readonly #options: WatchOptions;
  readonly #tell: (event: WatchEvent) => void;
  readonly #downloads: Downloads | undefined;
  readonly #hashing: Hashing;
  /** Whether a list was accepted that the folder does not follow yet. */
  #isDue = false;
  #isForced = false;
  #trouble: WatchPause | undefined;
  #retryAt = 0;
  /** The names that downloads know of. */
  #followed: readonly string[] = [];
  /** The models directory that this session is about. */
  #home: string | undefined;

  constructor(
    context: Context,
    options: WatchOptions,
    tell: (event: WatchEvent) => void,
    ended: (bug?: unknown) => void,
  ) {
    this.#context = context;
    this.#options = options;
    this.#tell = tell;
    this.undoable = new Trash(context);
    this.#downloads = options.download ? new Downloads(context, tell, ended) : undefined;
    this.#hashing = new Hashing(context, (bug) => {
      // What was found is pruned by the list as it is then.
      this.#isDue = true;
      ended(bug);
    });
  }

  /**
   * The folder may be as it is: this list was there before anybody watched. Returns how it compares, where that can be
   * told. What takes its time only once is done here, so that the first save is followed as fast as the next.
   */
  async begin({ session, names }: Accepted): Promise<Plan | undefined> {
    const { modelsDir } = session;
    warnOfOverride(this.#context, this.#options, session);
    this.#home = modelsDir.path;
    this.#followed = names;
    try {
      if (modelsDir.exists() && modelsDir.hasNotes()) {
        if (this.#options.undo > 0) await this.undoable.hold(modelsDir);
        await noteOwn(this.#context, session);
      }
      const { plan } = await planToShow(this.#context, session);
      return plan;
    } catch (error) {
      this.#tell(troubleEvent(error));
      return undefined;
    }
  }

  /** Whether the folder follows the list, and nothing stands in the way. */
  get isAtRest(): boolean {
    return !this.#isDue && this.#trouble === undefined;
  }

  /** The folder has to follow another list from now on. `isForced`: whatever a person can be asked about is answered. */
  require(isForced = false): void {
    this.#isDue = true;
    this.#isForced = isForced;
    this.#hashing.retry();
    this.#trouble = undefined;
    this.#retryAt = 0;
  }

  /** Follows the list, where that has not been done. Returns what stands in the way of it, and when to come again. */
  async follow(accepted: Accepted, now: number): Promise<{ readonly trouble?: WatchPause; readonly wait?: number }> {
    if (this.#isDue && this.#retryAt <= now) {
      const obstacle = await this.#try(accepted);
      const isSame = obstacle && this.#trouble?.message === obstacle.message;
      this.#trouble = obstacle && { ...obstacle, since: isSame ? (this.#trouble?.since ?? now) : now };
      const retry = obstacle && RETRY[obstacle.reason];
      this.#isDue = retry !== undefined;
      this.#retryAt = retry === undefined ? 0 : performance.now() + retry;
    }
    if (!this.#trouble) return {};
    return { trouble: this.#trouble, ...(this.#isDue && { wait: this.#retryAt - now }) };
  }

  async close(): Promise<void> {
    await this.#hashing.close();
    await this.#downloads?.close();
  }

  async #try(accepted: Accepted): Promise<Omit<WatchPause, 'since'> | undefined> {
    const { session, names, look, imported } = accepted;
    const { file } = this.#options;
    const { added, removed: dropped } = compareLists(this.#followed, names);
    const isCurrent = (): boolean => readSnapshot(file, imported).key === look.key;
    const isSavedAgain = { reason: 'busy', message: registryBeingSaved(file) } as const;
    try {
      const obstacle = this.#isForced ? undefined : (this.#gitObstacle() ?? this.#movedObstacle(accepted));
      if (obstacle) return obstacle;
      warnOfOverride(this.#context, this.#options, session);
      this.#home = session.modelsDir.path;
      this.#downloads?.drop(session, dropped);
      // Also where the prune has to be tried again: what is named anew until then is fetched anew.
      const gone = new Set(dropped);
      this.#followed = this.#followed.filter((name) => !gone.has(name));
      const undoable = this.#options.undo > 0 ? this.undoable : undefined;
      const { hashes } = this.#hashing;
      const pruned = await pruneNow(this.#context, session, this.#options, undoable, isCurrent, hashes);
      if (!pruned) return isSavedAgain;
      const { removed, restored, canUndo, planned } = pruned;
      this.#hashing.done(hashes);
      for (const { name } of planned?.plan.unmanaged ?? [])
        if (hashes.has(name)) this.#context.reporter.notice(keptHashMismatch(name));
      this.#hashing.follow(session, planned?.plan.unverified ?? []);
      if (restored.length > 0) this.#tell({ event: 'restore', names: restored });
      if (removed.length > 0) {
        const freed = removed.reduce((sum, { size }) => sum + size, 0);
        undoable?.add(session.modelsDir, removed, performance.now() + this.#options.undo);
        const undoUntil = canUndo ? new Date(Date.now() + this.#options.undo).toISOString() : null;
        this.#tell({ event: 'prune', removed, freed, undoUntil });
      } else if (this.#isForced && (planned?.plan.unverified ?? []).length === 0)
        this.#context.reporter.notice(nothingToPrune());
      undoable?.refresh();
      // Not before: what was pruned a moment ago is given back rather than fetched.
      this.#downloads?.want(session, added);
      this.#followed = names;
      if (planned) warnOfMistakes(this.#context, session, planned);
      this.#context.reporter.log('debug', 'followed', { names });
    } catch (error) {
      const event = troubleEvent(error);
      // A file that is taken away in the middle of this is no trouble of its own.
      if (!isCurrent()) return isSavedAgain;
      // What ends by itself or by a save is waited for; any other trouble is told.
      const reason = OBSTACLES[event.code];
      const isLocked = error instanceof WhisperError && error.code === 'busy';
      if (reason) return { reason, message: isLocked ? modelsDirLocked(error) : event.message };
      this.#tell(event);
    }
    return undefined;
  }

  #gitObstacle(): Omit<WatchPause, 'since'> | undefined {
    const folder = findGitFolder(this.#options.file);
    const work = folder === undefined ? undefined : gitWork(folder);
    if (!work) return undefined;
    return { reason: 'git', message: gitInProgress(work.what, work.path) };
  }

  #movedObstacle({ session: { modelsDir } }: Accepted): Omit<WatchPause, 'since'> | undefined {
    if (this.#home === undefined || this.#home === modelsDir.path) return undefined;
    return { reason: 'models-dir', message: modelsDirChanged(modelsDir.path) };
  }
}
