import { HttpClient } from '../adapters/hub/client.ts';
import { hubOf, isOffline } from '../adapters/hub/settings.ts';
import { transfer, type Transferred } from '../adapters/hub/transfer.ts';
import { withLock, type LockSettings } from '../adapters/lock.ts';
import { MODEL_MODE, type ModelsDir } from '../adapters/models-dir.ts';
import { PartialFile } from '../adapters/partial-file.ts';
import { WhisperError } from '../core/errors.ts';
import { Throttle } from '../core/hub/throttle.ts';
import type { CatalogueEntry } from '../core/models/catalogue.ts';
import { shortName } from '../core/models/name.ts';
import type { Context } from './session.ts';

export interface FetchOptions {
  /** Bytes a second over all connections; `undefined`: no limit. */
  readonly limitRate?: number;
  /** Milliseconds to wait for a lock. */
  readonly wait: number;
  /** Files that are there already are fetched all the same. */
  readonly refetch: boolean;
}

export interface Downloaded {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly seconds: number;
  /** Bytes that came over the network. */
  readonly received: number;
}

/** What is done right before a file gets its name, under the lock of the models directory: writing the registry. */
export type BeforePublish = (name: string) => Promise<void>;

const STALL_SECONDS = 20;

interface FetchRun {
  readonly context: Context;
  readonly modelsDir: ModelsDir;
  readonly client: HttpClient;
  readonly throttle: Throttle;
  readonly lock: LockSettings;
  /** Files that are there already are fetched all the same. */
  readonly refetch: boolean;
  readonly beforePublish: BeforePublish;
}

/**
 * Fetches, verifies and publishes models one after the other. Returns those that were fetched: one that another process has
 * published meanwhile is not fetched again.
 */
export async function fetchModels(
  context: Context,
  modelsDir: ModelsDir,
  entries: readonly CatalogueEntry[],
  options: FetchOptions,
  beforePublish: BeforePublish,
): Promise<readonly Downloaded[]> {
  if (entries.length === 0) return [];
  const { environment, delay } = context.host;
  const stallTimeout = (Number(environment['HF_HUB_DOWNLOAD_TIMEOUT']) || STALL_SECONDS) * 1000;
  const client = new HttpClient({ environment, stallTimeout });
  const throttle = new Throttle(options.limitRate);
  const lock = { wait: options.wait, delay };
  const run: FetchRun = { context, modelsDir, client, throttle, lock, refetch: options.refetch, beforePublish };
  const downloaded: Downloaded[] = [];
  try {
    for (const entry of entries) {
      const done = await withLock(modelsDir.fetchLockPath(entry.file), lock, () => fetchOne(run, entry));
      if (done) downloaded.push(done);
    }
  } finally {
    context.talk.progressEnd();
    await client.close();
  }
  return downloaded;
}

async function fetchOne(run: FetchRun, entry: CatalogueEntry): Promise<Downloaded | undefined> {
  const { context, modelsDir, lock, beforePublish } = run;
  const { file: name, repo } = entry;
  if (!run.refetch && modelsDir.has(name, entry.size)) {
    // Another process has published it meanwhile, for a registry that need not be this one.
    await withLock(modelsDir.lockPath, lock, () => beforePublish(name));
    return undefined;
  }
  const started = performance.now();
  const { size, sha256, url, revision, received, pinned } = await fetchBytes(run, entry);
  context.talk.progressEnd();
  if (!pinned)
    context.talk.notice(`${shortName(name)}: no hash was known before; its sha256 is recorded as first seen`);
  return withLock(modelsDir.lockPath, lock, async () => {
    // Somebody may have put a file of their own there while this one came in.
    if (!run.refetch && modelsDir.isOccupied(name)) throw occupied(modelsDir, name);
    await beforePublish(name);
    const path = modelsDir.publish(name, { file: name, repo, revision, url, size, sha256 });
    context.talk.log('info', 'published', { name, size, sha256, received });
    return { name, path, size, sha256, seconds: (performance.now() - started) / 1000, received };
  });
}

/** Brings a model into its partial file and verifies it; what has arrived stays there when that fails half-way. */
async function fetchBytes(
  { context, modelsDir, client, throttle }: FetchRun,
  entry: CatalogueEntry,
): Promise<Transferred> {
  const { host, talk } = context;
  const { file: name, repo, revision, size, sha256 } = entry;
  const pin = { repo, revision, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
  const partial = await PartialFile.open(modelsDir.partialPath(name), pin);
  try {
    if (isOffline(host.environment) && partial.received !== size) throw offline(name);
    const done = await transfer(entry, partial, {
      client,
      hub: hubOf(host.environment),
      signal: host.signal,
      delay: host.delay,
      throttle: async (bytes) => {
        const wait = throttle.take(bytes, performance.now());
        if (wait > 0) await host.delay(wait);
      },
      onProgress: (received, total) => talk.progress(name, received, total),
      onNotice: (notice) => talk.notice(notice),
      onAnswer: (answer) => talk.log('debug', 'answer', { ...answer }),
    });
    await partial.seal(MODEL_MODE);
    return done;
  } catch (error) {
    // The first error is the one to report; a disk that is full may not take the journal either.
    await (partial.received > 0 ? partial.keep() : partial.discard()).catch((also: unknown) =>
      talk.log('debug', 'partial', { error: String(also) }),
    );
    throw error;
  }
}

function offline(name: string): WhisperError {
  return new WhisperError(
    'hub-offline',
    `${shortName(name)} is not here, and HF_HUB_OFFLINE forbids to fetch it`,
    'Unset HF_HUB_OFFLINE to fetch it.',
    { details: { file: name } },
  );
}

/** The error where something that whisper did not put there has the name of a model. */
export function occupied(modelsDir: ModelsDir, name: string): WhisperError {
  const path = modelsDir.modelPath(name);
  return new WhisperError(
    'disk-failure',
    `${path} is in the way and was left alone`,
    'Move it away, then run the same command again.',
    {
      details: { file: name, path },
    },
  );
}
