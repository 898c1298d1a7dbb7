import { faultPoint } from '../../adapters/fs/fault-points.ts';
import { type LockSettings, withDirectoryLock, withLock } from '../../adapters/lock/flock.ts';
import { MODEL_MODE } from '../../adapters/store/models-dir.ts';
import { PartialFile } from '../../adapters/store/partial-file.ts';
import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import { atCommit, originOf } from '../../core/catalogue/origin.ts';
import { MIN_SIZE_TO_SPLIT } from '../../core/hub/segments.ts';
import { downloadWhileOffline } from '../../core/messages/models.ts';
import { downloadedDespiteFailure, hashFirstSeen, partialOfAnotherFile } from '../../core/messages/transfer/network.ts';
import { isRefetched } from '../../core/plan/make-plan.ts';
import type { Desired, LocalCopy, Plan } from '../../core/plan/plan.ts';
import type { Context } from '../session/context.ts';
import type { Session } from '../session/session.ts';
import { adopt } from './adopt.ts';
import { mapConcurrently, type Outcome } from '../session/map-concurrently.ts';
import { mutex, reportEnd } from './concurrency.ts';
import { HubLink } from './hub-link.ts';
import { comingOf, requireRoom } from './preflight.ts';
import {
  type Arrived,
  type Downloaded,
  filesToReplace,
  publish,
  register,
  type Registration,
  type Replaced,
} from './publish.ts';
import { SubstituterLink } from './substituters.ts';

export interface FetchOptions {
  /** Bytes a second over all connections; `undefined`: no limit. */
  readonly limitRate?: number;
  readonly connections?: number;
  /** Addresses that the user named on the command line. */
  readonly named?: readonly string[];
  /** Milliseconds to wait for a lock. */
  readonly wait: number;
  /** Files that may be replaced, as they were when they were found to be corrupt; without it: those that are refetched. */
  readonly replace?: ReadonlyMap<string, Replaced>;
}

interface FetchGoal {
  readonly refetch: Desired['refetch'];
  readonly register: readonly string[] | undefined;
}

interface Fetched {
  readonly arrived: readonly Downloaded[];
  readonly byOthers: readonly string[];
  readonly registered: readonly string[];
}

interface FetchRun {
  readonly context: Context;
  readonly registration: Registration;
  readonly link: HubLink;
  readonly caches: SubstituterLink;
  readonly lock: LockSettings;
  readonly refetch: Desired['refetch'];
  /** Files elsewhere on this machine that may have the bytes of a model, by its file name. */
  readonly sources: ReadonlyMap<string, readonly LocalCopy[]>;
  readonly replaced: ReadonlyMap<string, Replaced>;
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One model: `model` is `undefined` where another process has published it. */
interface FetchResult {
  readonly name: string;
  readonly model: Downloaded | undefined;
  readonly isRegistered: boolean;
}

/** Files that are fetched at a time: a large file takes two slots, because it has several connections. */
const SLOTS = 8;

function slots(size: number | undefined): number {
  return (size ?? 0) < MIN_SIZE_TO_SPLIT ? 1 : 2;
}

/** Adopts or fetches, verifies, registers and publishes models. When one fails the others continue; then its error is thrown. */
export async function fetchModels(
  context: Context,
  session: Session,
  plan: Pick<Plan, 'adopt' | 'fetch'>,
  { refetch, register: wanted, ...options }: FetchOptions & FetchGoal,
): Promise<Fetched> {
  const entries = comingOf(plan);
  if (entries.length === 0) return { arrived: [], byOthers: [], registered: [] };
  const { modelsDir, substituters } = session;
  modelsDir.requireWritable();
  const link = new HubLink(context, options);
  const names = entries.map(({ file }) => file);
  const run: FetchRun = {
    context,
    registration: { session, wanted },
    link,
    caches: new SubstituterLink(context, substituters, link),
    lock: { wait: options.wait, delay: context.host.delay },
    refetch,
    sources: new Map(plan.adopt.map(({ entry, sources }) => [entry.file, sources])),
    replaced: options.replace ?? filesToReplace(modelsDir, refetch === false ? [] : names),
    inTurn: mutex(),
  };
  await context.reporter.progressBegin(entries.map(({ file: name, size }) => ({ name, size })));
  try {
    const pinned = await link.pin(entries);
    requireRoom(modelsDir, entries, pinned);
    const results = await mapConcurrently(
      pinned,
      ({ size }) => slots(size),
      SLOTS,
      async (entry) => {
        const work = withLock(modelsDir.fetchLockPath(entry.file), run.lock, () => fetchOne(run, entry));
        return reportEnd(context, entry, work, ({ model }) => model?.size);
      },
    );
    const done = requireAll(context, results);
    return {
      arrived: done.flatMap(({ model }) => model ?? []),
      byOthers: done.filter(({ model }) => !model).map(({ name }) => name),
      registered: done.filter(({ isRegistered }) => isRegistered).map(({ name }) => name),
    };
  } finally {
    context.reporter.progressEnd(names);
    await link.close();
  }
}

function requireAll({ reporter }: Context, results: readonly Outcome<FetchResult>[]): readonly FetchResult[] {
  const done = results.flatMap((result) => ('value' in result ? [result.value] : []));
  const errors = results.flatMap((result) => ('error' in result ? [result.error] : []));
  if (errors.length === 0) return done;
  const arrived = done.filter(({ model }) => model).map(({ name }) => name);
  if (arrived.length > 0) reporter.notice(downloadedDespiteFailure(arrived));
  // A hub that cannot be reached is one error, however many models were wanted.
  const [first, ...others] = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  for (const message of new Set(others)) if (message !== first) reporter.notice(message);
  throw errors[0];
}

async function fetchOne(run: FetchRun, entry: CatalogueEntry): Promise<FetchResult> {
  const { context, registration, lock, refetch } = run;
  const { modelsDir } = registration.session;
  const { file: name } = entry;
  // One after the other: the lock that keeps other processes out would keep this one out too.
  const underLock = <T>(work: () => Promise<T>): Promise<T> =>
    run.inTurn(() => withDirectoryLock(modelsDir.lockPath, lock, work));
  if (!isRefetched(refetch, name) && modelsDir.has(name, entry.size)) {
    // Another process has published it, for a registry that need not be this one.
    const isRegistered = await underLock(() => register(context, registration, name));
    return { name, model: undefined, isRegistered };
  }
  const started = performance.now();
  const sources = run.sources.get(name) ?? [];
  const arrived = (await adopt(context, modelsDir, entry, sources)) ?? (await fetchBytes(run, entry));
  const { size, sha256, url, commit, received, connections, verifiedBy, adoptedFrom, cache } = arrived;
  const seconds = (performance.now() - started) / 1000;
  if (verifiedBy === undefined) context.reporter.notice(hashFirstSeen(name));
  return underLock(async () => {
    const origin = atCommit(originOf(entry), commit);
    const arrival = { entry: { ...origin, file: name, size, sha256 }, url };
    const { path, isRegistered } = await publish(context, registration, arrival, run.replaced.get(name));
    context.reporter.log('info', 'published', { name, size, sha256, received, connections });
    const place = { ...(adoptedFrom !== undefined && { adoptedFrom }), ...(cache !== undefined && { cache }) };
    const model = { name, path, size, sha256, seconds, received, connections, verifiedBy, ...place };
    return { name, model, isRegistered };
  });
}

function verifierOf({ sha256, pinnedBy }: CatalogueEntry, { pin }: PartialFile): Arrived['verifiedBy'] {
  if (sha256 !== undefined) return pinnedBy ?? 'catalogue';
  return pin.sha256 === undefined ? undefined : 'hub';
}

/** Downloads a model into its partial file and verifies it; after a failure the file keeps what has arrived. */
async function fetchBytes(
  { context: { reporter }, registration, link, caches }: FetchRun,
  entry: CatalogueEntry,
): Promise<Arrived> {
  const { modelsDir } = registration.session;
  const { file: name, size, sha256 } = entry;
  const pin = { ...originOf(entry), ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
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
    // The first error is reported; on a full disk the journal may fail too.
    await (partial.isResumable ? partial.keep() : partial.discard()).catch((also: unknown) =>
      reporter.log('debug', 'partial', { error: String(also) }),
    );
    throw error;
  }
}
