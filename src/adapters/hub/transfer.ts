import type { WhisperError } from '../../core/errors.ts';
import { wrongBytes, wrongFile } from '../../core/hub/mismatch.ts';
import { backoff, MAX_CONNECT_FAILURES, MAX_FAILURES } from '../../core/hub/retry.ts';
import type { CatalogueEntry } from '../../core/models/catalogue.ts';
import { identifyHeader } from '../../core/models/header.ts';
import { shortName } from '../../core/models/name.ts';
import type { PartialFile } from '../partial-file.ts';
import { attempt, Interruption, type Answered, type AttemptSettings } from './attempt.ts';
import { resolveUrl } from './locate.ts';

export interface TransferSettings extends Omit<AttemptSettings, 'onBytes'> {
  /** Called with the bytes that are there, whenever more have come. */
  readonly onProgress: (received: number, size: number | undefined) => void;
  /** Called when the transfer has to wait or begin again, with a sentence for a person. */
  readonly onNotice: (notice: string) => void;
  /** Waits; rejects when the signal is aborted. */
  readonly delay: (milliseconds: number) => Promise<void>;
}

/** A complete, verified file; still under its partial name. */
export interface Transferred {
  readonly size: number;
  readonly sha256: string;
  readonly url: string;
  readonly revision: string;
  /** Bytes that came over the network in this run. */
  readonly received: number;
  /** Whether the hash was known from somewhere else than these bytes. */
  readonly pinned: boolean;
}

/**
 * Brings a model into its partial file, however often the connection breaks, and checks size, header and sha256. Bytes that
 * turn out wrong are fetched once more from the start. Throws a `WhisperError`; the partial file is then as far as it got,
 * or empty where its bytes were wrong.
 */
export async function transfer(
  entry: CatalogueEntry,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<Transferred> {
  // Not the whole address: one with a password would get into the record.
  const { origin, pathname } = resolveUrl(settings.hub, entry);
  const seen = { received: 0, url: origin + pathname, commit: undefined as string | undefined };
  const counting = {
    ...settings,
    onAnswer: (answer: Answered) => {
      seen.url = answer.url;
      seen.commit = answer.commit ?? seen.commit;
      settings.onAnswer(answer);
    },
    onBytes: (bytes: number) => {
      seen.received += bytes;
      settings.onProgress(partial.received, partial.pin.size);
    },
  };
  for (let round = 1; ; round += 1) {
    await fetchAll(entry, partial, counting);
    const sha256 = await partial.digest();
    const wrong = await findMismatch(entry, partial, sha256);
    if (!wrong) {
      const pinned = partial.pin.sha256 !== undefined;
      return {
        size: partial.received,
        sha256,
        url: seen.url,
        revision: seen.commit ?? entry.revision,
        received: seen.received,
        pinned,
      };
    }
    await partial.restart();
    if (round === 2) throw wrong;
    settings.onNotice(`${shortName(entry.file)}: the bytes are wrong; fetching it again from the start`);
  }
}

/** Makes attempts until all bytes are there; gives up after several in a row that brought none. */
async function fetchAll(
  entry: CatalogueEntry,
  partial: PartialFile,
  settings: TransferSettings & AttemptSettings,
): Promise<void> {
  let furthest = partial.received;
  let failures = 0;
  while (partial.received !== partial.pin.size) {
    try {
      await attempt(entry, partial, settings);
      return;
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      settings.signal.throwIfAborted();
      failures = partial.received > furthest ? 1 : failures + 1;
      furthest = Math.max(furthest, partial.received);
      const neverConnected = furthest === 0 && error.error.code === 'hub-unreachable';
      if (failures >= (neverConnected ? MAX_CONNECT_FAILURES : MAX_FAILURES)) throw error.error;
      const wait = error.wait ?? backoff(failures, Math.random());
      settings.onNotice(`${error.error.message}; trying again in ${Math.ceil(wait / 1000)} s`);
      await settings.delay(wait);
    }
  }
}

/** The error that a complete file gives reason for; `undefined`: its bytes are right. */
async function findMismatch(
  entry: CatalogueEntry,
  partial: PartialFile,
  sha256: string,
): Promise<WhisperError | undefined> {
  const header = identifyHeader(await partial.header());
  if (header.kind === 'other') return wrongFile(entry, header.looksLike);
  if (sha256 === (partial.pin.sha256 ?? sha256)) return undefined;
  return wrongBytes(entry, partial.pin, { size: partial.received, sha256 });
}
