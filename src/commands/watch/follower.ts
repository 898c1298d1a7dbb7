import { findGitFolder, gitWork } from '../../adapters/git/working-tree.ts';
import { readSnapshot } from '../../adapters/registry/snapshot.ts';
import { type ErrorCode, WhisperError } from '../../core/errors.ts';
import { keptHashMismatch, nothingToPrune } from '../../core/messages/notices.ts';
import { gitInProgress, modelsDirChanged, modelsDirLocked, registryBeingSaved } from '../../core/messages/watch.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { totalSize } from '../../core/quantity.ts';
import { compareLists, type PauseReason, type WatchEvent } from '../../core/watch/events.ts';
import { planToShow, warnOfMistakes } from '../plan/plan.ts';
import { warnOfOverride } from '../session/override.ts';
import { noteOwn } from '../session/root-notes.ts';
import type { CommonOptions, Context } from '../session/context.ts';
import { Downloads } from './downloads.ts';
import { Hashing } from './hashing.ts';
import type { Accepted } from './list-reader.ts';
import { type WatchPause, errorEvent } from './pauses.ts';
import { pruneNow, type WatchRules } from './pruning.ts';
import { Trash } from './trash.ts';

export interface WatchOptions extends CommonOptions, WatchRules {
  readonly file: string;
  readonly download: boolean;
  /** Milliseconds for which a prune can be undone. */
  readonly undo: number;
}

/** Milliseconds until the next attempt, for pauses that end without a save. */
const RETRY: Readonly<Partial<Record<PauseReason, number>>> = { git: 100, busy: 50, root: 2000 };

const PAUSES: Readonly<Partial<Record<ErrorCode, PauseReason>>> = {
  busy: 'busy',
  'root-unreadable': 'root',
  'registry-empty': 'empty-list',
};

/** Makes the models directory follow the accepted lists, one at a time. */
export class Follower {
  readonly trash: Trash;
  readonly #context: Context;
  readonly #options: WatchOptions;
  readonly #emit: (event: WatchEvent) => void;
  readonly #downloads: Downloads | undefined;
  readonly #hashing: Hashing;
  #isDue = false;
  #isForced = false;
  #pause: WatchPause | undefined;
  #retryAt = 0;
  #followed: readonly string[] = [];
  #directory: string | undefined;

  constructor(
    context: Context,
    options: WatchOptions,
    emit: (event: WatchEvent) => void,
    ended: (bug?: unknown) => void,
  ) {
    this.#context = context;
    this.#options = options;
    this.#emit = emit;
    this.trash = new Trash(context);
    this.#downloads = options.download ? new Downloads(context, emit, ended) : undefined;
    this.#hashing = new Hashing(context, (bug) => {
      // The next prune uses the hashes, with the list as it is then.
      this.#isDue = true;
      ended(bug);
    });
  }

  /**
   * Takes the first list, which changes nothing. Returns what `sync` would do, where that is known. What has to be done only
   * once is done here, so that the first save is followed as fast as the next.
   */
  async begin({ session, names }: Accepted): Promise<Plan | undefined> {
    const { modelsDir } = session;
    warnOfOverride(this.#context, this.#options, session);
    this.#directory = modelsDir.path;
    this.#followed = names;
    try {
      if (modelsDir.exists() && modelsDir.hasNotes()) {
        if (this.#options.undo > 0) await this.trash.hold(modelsDir);
        await noteOwn(this.#context, session);
      }
      const { plan } = await planToShow(this.#context, session);
      return plan;
    } catch (error) {
      this.#emit(errorEvent(error));
      return undefined;
    }
  }

  /** Whether the list was followed and no pause is open. */
  get isAtRest(): boolean {
    return !this.#isDue && this.#pause === undefined;
  }

  /** Another list is to be followed. `isForced`: the user asked for it, which overrides the git and models-dir pauses. */
  require(isForced = false): void {
    this.#isDue = true;
    this.#isForced = isForced;
    this.#hashing.retry();
    this.#pause = undefined;
    this.#retryAt = 0;
  }

  /** Follows the list where that is due. Returns the pause, if there is one, and the milliseconds until the next attempt. */
  async follow(accepted: Accepted, now: number): Promise<{ readonly pause?: WatchPause; readonly wait?: number }> {
    if (this.#isDue && this.#retryAt <= now) {
      const pause = await this.#try(accepted);
      const isSame = pause && this.#pause?.message === pause.message;
      this.#pause = pause && { ...pause, since: isSame ? (this.#pause?.since ?? now) : now };
      const retry = pause && RETRY[pause.reason];
      this.#isDue = retry !== undefined;
      this.#retryAt = retry === undefined ? 0 : performance.now() + retry;
    }
    if (!this.#pause) return {};
    return { pause: this.#pause, ...(this.#isDue && { wait: this.#retryAt - now }) };
  }

  async close(): Promise<void> {
    await this.#hashing.close();
    await this.#downloads?.close();
  }

  async #try(accepted: Accepted): Promise<Omit<WatchPause, 'since'> | undefined> {
    const { session, names, snapshot, imported } = accepted;
    const { file } = this.#options;
    const { added, removed: dropped } = compareLists(this.#followed, names);
    const isCurrent = (): boolean => readSnapshot(file, imported).key === snapshot.key;
    const isSavedAgain = { reason: 'busy', message: registryBeingSaved(file) } as const;
    try {
      const pause = this.#isForced ? undefined : (this.#gitPause() ?? this.#movedPause(accepted));
      if (pause) return pause;
      warnOfOverride(this.#context, this.#options, session);
      this.#directory = session.modelsDir.path;
      this.#downloads?.drop(session, dropped);
      // Also where the prune has to be tried again: a model that is listed again by then is fetched again.
      const gone = new Set(dropped);
      this.#followed = this.#followed.filter((name) => !gone.has(name));
      const trash = this.#options.undo > 0 ? this.trash : undefined;
      const { hashes } = this.#hashing;
      const pruned = await pruneNow(this.#context, session, this.#options, trash, isCurrent, hashes);
      if (!pruned) return isSavedAgain;
      const { removed, restored, canUndo, planned } = pruned;
      this.#hashing.done(hashes);
      for (const { name } of planned?.plan.unmanaged ?? [])
        if (hashes.has(name)) this.#context.reporter.notice(keptHashMismatch(name));
      this.#hashing.follow(session, planned?.plan.unverified ?? []);
      if (restored.length > 0) this.#emit({ event: 'restore', names: restored });
      if (removed.length > 0) {
        const freed = totalSize(removed);
        trash?.add(session.modelsDir, removed, performance.now() + this.#options.undo);
        const undoUntil = canUndo ? new Date(Date.now() + this.#options.undo).toISOString() : null;
        this.#emit({ event: 'prune', removed, freed, undoUntil });
      } else if (this.#isForced && (planned?.plan.unverified ?? []).length === 0)
        this.#context.reporter.notice(nothingToPrune());
      trash?.refresh();
      // After the prune, which restores what is in the trash.
      this.#downloads?.want(session, added);
      this.#followed = names;
      if (planned) warnOfMistakes(this.#context, session, planned);
      this.#context.reporter.log('debug', 'followed', { names });
    } catch (error) {
      const event = errorEvent(error);
      // The next snapshot reports a registry that was removed in the meantime.
      if (!isCurrent()) return isSavedAgain;
      // What ends by itself or with a save is a pause; anything else is an error event.
      const reason = PAUSES[event.code];
      const isLocked = error instanceof WhisperError && error.code === 'busy';
      if (reason) return { reason, message: isLocked ? modelsDirLocked(error) : event.message };
      this.#emit(event);
    }
    return undefined;
  }

  #gitPause(): Omit<WatchPause, 'since'> | undefined {
    const folder = findGitFolder(this.#options.file);
    const work = folder === undefined ? undefined : gitWork(folder);
    if (!work) return undefined;
    return { reason: 'git', message: gitInProgress(work.what, work.path) };
  }

  #movedPause({ session: { modelsDir } }: Accepted): Omit<WatchPause, 'since'> | undefined {
    if (this.#directory === undefined || this.#directory === modelsDir.path) return undefined;
    return { reason: 'models-dir', message: modelsDirChanged(modelsDir.path) };
  }
}
