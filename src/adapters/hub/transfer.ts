import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import { wholeSize } from '../../core/hub/answer.ts';
import { describeRanges } from '../../core/hub/ranges.ts';
import { contentMismatch } from '../../core/messages/transfer/bytes.ts';
import { sizeUnknown } from '../../core/messages/transfer/hub.ts';
import {
  changedOnServer,
  commitUnknown,
  keepsChanging,
  partialDamaged,
  retryingWrongBytes,
} from '../../core/messages/transfer/network.ts';
import type { PartialFile } from '../store/partial-file.ts';
import type { ByteSource, Download, TransferSettings } from './byte-source.ts';
import { FileChanged } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { headerProblem } from './content-check.ts';
import { withRetries } from './retry.ts';

/** Versions of a file that a server may send instead of the one that the download began with. */
const MAX_CHANGES = 5;

/** A complete, verified file, which still has its partial name. */
export interface Transferred {
  readonly size: number;
  readonly sha256: string;
  readonly url: string;
  /** What the hub found the revision to be; `undefined`: it does not say, or there is no hub. */
  readonly commit: string | undefined;
  /** Bytes that this run received over the network. */
  readonly received: number;
  /** The largest number of connections at a time. */
  readonly connections: number;
}

/**
 * Downloads a model into its partial file over several connections, and checks size, header and sha256. Wrong bytes are
 * fetched again once: those that the disk lost, or else all. Throws a `WhisperError`; the partial file then keeps what has
 * arrived, or is empty where its bytes were wrong.
 */
export async function transfer(
  entry: CatalogueEntry,
  partial: PartialFile,
  source: ByteSource,
  settings: TransferSettings,
): Promise<Transferred> {
  const { file } = entry;
  let { url } = source;
  let [received, connections] = [0, 0];
  let commit: string | undefined;
  let hasReportedCommit = false;
  const download: Download = {
    entry,
    partial,
    source,
    settings: {
      ...settings,
      onAnswer: (answer) => {
        url = answer.url;
        commit = answer.commit ?? commit;
        if (source.server === 'hub' && commit === undefined && !hasReportedCommit) {
          hasReportedCommit = true;
          settings.onDetail(commitUnknown());
        }
        settings.onAnswer(answer);
      },
      onBytes: (bytes, until) => {
        received += bytes;
        return settings.onBytes(bytes, until);
      },
    },
  };
  const onPeak = (peak: number): void => void (connections = Math.max(connections, peak));
  settings.budget.enter();
  try {
    for (let round = 1; ; round += 1) {
      const sha256 = await fetchAndHash(download, onPeak);
      const mismatch = await findMismatch(download, sha256);
      if (!mismatch) {
        return { size: partial.received, sha256, url, commit, received, connections };
      }
      const damaged = round === 1 ? partial.damaged() : [];
      if (damaged.length > 0) {
        for (const range of damaged) partial.forget(range);
        settings.onNotice(partialDamaged(file, describeRanges(damaged)));
        continue;
      }
      await partial.reset();
      if (round > 1) throw mismatch;
      settings.onNotice(retryingWrongBytes(file));
    }
  } finally {
    settings.budget.leave();
  }
}

async function fetchAndHash(download: Download, onPeak: (connections: number) => void): Promise<string> {
  const { entry, partial, settings } = download;
  for (let changes = 1; ; changes += 1) {
    try {
      const size = partial.pin.size ?? (await withRetries(() => learnSize(download, onPeak), settings));
      const pool = new ConnectionPool(download, size);
      await pool.run().finally(() => onPeak(pool.peak));
    } catch (error) {
      if (!(error instanceof FileChanged)) throw error;
      if (changes === MAX_CHANGES) throw keepsChanging(entry.file, changes);
      settings.onNotice(changedOnServer(entry.file));
      continue;
    }
    const sha256 = await partial.digest();
    if (sha256 !== undefined) return sha256;
    settings.onNotice(partialDamaged(entry.file, undefined));
  }
}

async function learnSize(download: Download, onPeak: (connections: number) => void): Promise<number> {
  const { entry, partial, source, settings } = download;
  const { answer, facts } = await source.open({ start: 0, end: 1 }, undefined, settings.signal);
  answer.body.discard();
  const size = facts.size ?? wholeSize(answer);
  if (size === undefined && source.server === 'hub') throw sizeUnknown(entry.file);
  if (size === undefined) {
    onPeak(1);
    return (await import('./unsized.ts')).receiveUnsized(download);
  }
  await partial.learn({ ...facts, size });
  return size;
}

async function findMismatch({ entry, partial, settings }: Download, sha256: string): Promise<WhisperError | undefined> {
  const problem = headerProblem(entry, await partial.header(), settings.server.givenToken);
  if (problem) return problem;
  const { pin, received } = partial;
  const isRight = sha256 === (pin.sha256 ?? sha256);
  return isRight ? undefined : contentMismatch(entry, pin, { size: received, sha256 });
}
