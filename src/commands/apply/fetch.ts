import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { type LockSettings, withDirectoryLock, withLock } from '../../adapters/fs/flock.ts';
import { MODEL_MODE, type ModelsDir } from '../../adapters/store/models-dir.ts';
import { PartialFile } from '../../adapters/store/partial-file.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { MIN_SIZE_TO_SPLIT } from '../../core/hub/segments.ts';
import { downloadWhileOffline } from '../../core/messages/models.ts';
import { downloadedBeforeFailure, hashFirstSeen, partialOfAnotherFile } from '../../core/messages/network.ts';
import type { LocalCopy } from '../../core/plan/plan.ts';
import type { Context, Session } from '../session/session.ts';
import { adopt } from './adopt.ts';
import { mapConcurrently, mutex, type Outcome, tellEnd } from './concurrency.ts';
import { HubLink } from './hub-link.ts';
import { requireRoom } from './preflight.ts';
import { type BeforePublish, identifyAll, publish, type Replaced, type Downloaded, type Arrived } from './publish.ts';
import { SubstituterLink } from './substituters.ts';

export interface FetchOptions {
  /** Bytes a second over all connections; `undefined`: no limit. */
  readonly limitRate?: number;
  /** Connections at the most, over all files. */
  readonly connections?: number;
  /** Milliseconds to wait for a lock. */
  readonly wait: number;
  /** Files that are there already are fetched all the same. */
  readonly refetch: boolean;
}

/** Files elsewhere on this machine that may have the bytes of a model, by its file name. */
export type Sources = ReadonlyMap<string, readonly LocalCopy[]>;

interface FetchRun {
  readonly context: Context;
  readonly modelsDir: ModelsDir;
  readonly link: HubLink;
  readonly caches: SubstituterLink;
  readonly lock: LockSettings;
  /** Files that are there already are fetched all the same. */
  readonly refetch: boolean;
  readonly sources: Sources;
  /** Files that are to be replaced, as they were before anything was fetched. */
  readonly replaced: Replaced;
  readonly beforePublish: BeforePublish;
  /** Does one piece of work after the other. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Large files are worth several connections each; of small ones more may come at the same time. */
const SLOTS = 8;

function slots(size: number | undefined): number {
  return (size ?? 0) < MIN_SIZE_TO_SPLIT ? 1 : 2;
}

/**
 * Adopts or fetches, verifies and publishes models, several at a time. Returns those that came: one that another process has
 * published meanwhile is not fetched again. Where one fails the others go on, and then its error is thrown.
 */
export async function fetchModels(
  context: Context,
  { modelsDir, substituters }: Pick<Session, 'modelsDir' | 'substituters'>,
  entries: readonly CatalogueEntry[],
  options: FetchOptions,
  beforePublish: BeforePublish,
  sources: Sources = new Map(),
): Promise<readonly Downloaded[]> {
  if (entries.length === 0) return [];
  modelsDir.requireWritable();
  const link = new HubLink(context, options);
  const caches = new SubstituterLink(context, substituters, link);
  const lock = { wait: options.wait, delay: context.host.delay };
  const inTurn = mutex();
  const { refetch } = options;
  const names = entries.map(({ file }) => file);
  const replaced = identifyAll(modelsDir, refetch ? names : []);
  const run: FetchRun = { context, modelsDir, link, caches, lock, refetch, sources, replaced, beforePublish, inTurn };
  await context.reporter.progressBegin(entries.map(({ file: name, size }) => ({ name, size })));
  try {
    const pinned = await link.pin(entries);
    requireRoom(modelsDir, entries, pinned);
    const fetched = await mapConcurrently(
      pinned,
      ({ size }) => slots(size),
      SLOTS,
      async (entry) =>
        tellEnd(
          context,
          entry,
          withLock(modelsDir.fetchLockPath(entry.file), lock, () => fetchOne(run, entry)),
        ),
    );
    return doneOf(context, fetched);
  } finally {
    context.reporter.progressEnd(names);
    await link.close();
  }
}

/** What came; throws the first error, where there is one. */
function doneOf({ reporter }: Context, results: readonly Outcome<Downloaded | undefined>[]): readonly Downloaded[] {
  const done = results.flatMap((result) => ('value' in result && result.value ? [result.value] : []));
  const errors = results.flatMap((result) => ('error' in result ? [result.error] : []));
  if (errors.length === 0) return done;
  if (done.length > 0) reporter.notice(downloadedBeforeFailure(done.map(({ name }) => name)));
  // A hub that cannot be reached is one trouble, however many models were wanted.
  const [first, ...others] = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  for (const message of new Set(others)) if (message !== first) reporter.notice(message);
  throw errors[0];
}

async function fetchOne(run: FetchRun, entry: CatalogueEntry): Promise<Downloaded | undefined> {
  const { context, modelsDir, lock, beforePublish, inTurn } = run;
  const { file: name, repo } = entry;
  // One after the other: the lock keeps other processes out, and would keep this one out too.
  const underLock = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(() => withDirectoryLock(modelsDir.lockPath, lock, work));
  if (!run.refetch && modelsDir.has(name, entry.size)) {
    // Another process has published it meanwhile, for a registry that need not be this one.
    await underLock(() => beforePublish(name));
    return undefined;
  }
  const started = performance.now();
  const sources = run.sources.get(name) ?? [];
  const arrived = (await adopt(context, modelsDir, entry, sources)) ?? (await fetchBytes(run, entry));
  const { size, sha256, url, revision, received, connections, verifiedBy, adoptedFrom, cache } = arrived;
  const seconds = (performance.now() - started) / 1000;
  if (verifiedBy === undefined) context.reporter.notice(hashFirstSeen(name));
  return underLock(async () => {
    const record = { file: name, repo, revision, url, size, sha256 };
    const path = await publish(modelsDir, record, run.replaced.get(name), beforePublish);
    context.reporter.log('info', 'published', { name, size, sha256, received, connections });
    const origin = { ...(adoptedFrom !== undefined && { adoptedFrom }), ...(cache !== undefined && { cache }) };
    return { name, path, size, sha256, seconds, received, connections, verifiedBy, ...origin };
  });
}

/** What a hash was known from before the bytes came. */
function verifierOf({ sha256, pinnedBy }: CatalogueEntry, { pin }: PartialFile): Arrived['verifiedBy'] {
  if (sha256 !== undefined) return pinnedBy ?? 'catalogue';
  return pin.sha256 === undefined ? undefined : 'hub';
}

/** Brings a model into its partial file and verifies it; what has arrived stays there when that fails half-way. */
async function fetchBytes(
  { context: { reporter }, modelsDir, link, caches }: FetchRun,
  entry: CatalogueEntry,
): Promise<Arrived> {
  const { file: name, repo, revision, size, sha256 } = entry;
  const pin = { repo, revision, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
  const partial = await PartialFile.open(modelsDir.partialPath(name), pin);
  faultPoint('partial: opened');
  if (partial.isRestarted) reporter.notice(partialOfAnotherFile(name));
  try {
    const substituted = await caches.bring(entry, partial);
    if (!substituted && link.isOffline && partial.received !== size) throw downloadWhileOffline(name);
    const done = substituted ?? (await link.transfer(entry, partial));
    await partial.seal(MODEL_MODE);
    faultPoint('partial: sealed');
    return { ...done, verifiedBy: verifierOf(entry, partial) };
  } catch (error) {
    // The first error is the one to report; a disk that is full may not take the journal either.
    await (partial.received > 0 ? partial.keep() : partial.discard()).catch((also: unknown) =>
      reporter.log('debug', 'partial', { error: String(also) }),
    );
    throw error;
  }
}
