import { WhisperError } from '../../core/errors.ts';
import { readContentRange, refusal, withoutToken } from '../../core/hub/answer.ts';
import { interceptedByEncoding, interceptedByPage, wrongBytes, wrongFile } from '../../core/hub/mismatch.ts';
import { isTransient, requestedWait } from '../../core/hub/retry.ts';
import type { CatalogueEntry } from '../../core/models/catalogue.ts';
import { firstLine, HEADER_BYTES, identifyHeader, MAGIC_BYTES } from '../../core/models/header.ts';
import type { PartialFile } from '../partial-file.ts';
import { discard, isLastingNetworkError, networkErrorCode, readSome, unreachable } from './client.ts';
import type { HttpAnswer, HttpClient } from './client.ts';
import { locate, type Hub, type Location } from './locate.ts';

export interface AttemptSettings {
  readonly client: HttpClient;
  readonly hub: Hub;
  readonly signal: AbortSignal;
  /** Called with each answer that is not a redirect. */
  readonly onAnswer: (answer: Answered) => void;
  /** Called with the number of bytes that just came in. */
  readonly onBytes: (bytes: number) => void;
  /** Waits until that many bytes may be taken. */
  readonly throttle: (bytes: number) => Promise<void>;
}

/** The head of an answer to a request from byte `from` on; the address is without its query, which may hold a signature. */
export interface Answered {
  readonly url: string;
  readonly status: number;
  readonly commit: string | undefined;
  readonly from: number;
}

/** An attempt that ended early and may be made again, after `wait` milliseconds if the server named a time. */
export class Interruption extends Error {
  readonly error: WhisperError;
  readonly wait: number | undefined;

  constructor(error: WhisperError, wait?: number) {
    super(error.message, { cause: error });
    this.error = error;
    this.wait = wait;
  }
}

/**
 * Asks once for the bytes of a model that its partial file does not have yet and adds what comes. Throws an `Interruption`
 * where trying again may help, else a `WhisperError`.
 */
export async function attempt(entry: CatalogueEntry, partial: PartialFile, settings: AttemptSettings): Promise<void> {
  const from = partial.received;
  const { url, facts, answer } = await find(entry, from, settings);
  settings.onAnswer({ url: url.origin + url.pathname, status: answer.status, commit: facts.commit, from });
  try {
    if (answer.status === 416) await startOver(partial, 'The hub does not have the part that is missing');
    if (answer.status >= 400) await refuse(entry, { url, facts, answer }, settings);
    await partial.learn(facts);
    await checkStart(entry, partial, answer, settings);
    await receive(entry, partial, answer, settings);
  } catch (error) {
    discard(answer);
    throw asInterruption(error, url, settings.signal);
  }
}

async function find(entry: CatalogueEntry, from: number, { client, hub, signal }: AttemptSettings): Promise<Location> {
  try {
    return await locate(client, hub, entry, from, signal);
  } catch (error) {
    throw asInterruption(error, hub.endpoint, signal);
  }
}

async function refuse(entry: CatalogueEntry, { url, answer }: Location, { hub }: AttemptSettings): Promise<never> {
  const error = refusal(entry, answer, await readSome(answer), hub.endpoint.origin, hub.token);
  if (isTransient(answer.status)) throw new Interruption(error, requestedWait(answer, Date.now()));
  // A signed address that ran out: the next attempt asks the hub for a fresh one.
  const mayBeStale = url.origin !== hub.endpoint.origin && [401, 403, 404, 410].includes(answer.status);
  throw mayBeStale ? new Interruption(error) : error;
}

/** Makes sure that the answer brings the bytes that come next, of a file of the right size. */
async function checkStart(
  entry: CatalogueEntry,
  partial: PartialFile,
  answer: HttpAnswer,
  { hub }: AttemptSettings,
): Promise<void> {
  const {
    'content-encoding': encoding = 'identity',
    'content-type': type = '',
    'content-length': length,
  } = answer.headers;
  if (encoding !== 'identity') throw interceptedByEncoding(entry, encoding);
  if (/^text\/html\b/i.test(type))
    throw interceptedByPage(entry, firstLine(withoutToken(await readSome(answer), hub.token)));
  const range = readContentRange(answer.headers['content-range']);
  const total = range?.total ?? partial.pin.size;
  if (range && range.start === partial.received && total === (partial.pin.size ?? total)) {
    return partial.learn({ size: total });
  }
  if (range || answer.status === 206)
    await startOver(partial, 'The server sent another part of the file than was asked for');
  if (length !== undefined && Number(length) !== (partial.pin.size ?? Number(length)))
    await rejectLength(entry, partial, answer, Number(length));
  // The whole file, although a part was asked for: its bytes are taken from the first one on.
  if (partial.received > 0) await partial.restart();
  if (length !== undefined) await partial.learn({ size: Number(length) });
}

async function startOver(partial: PartialFile, reason: string): Promise<never> {
  await partial.restart();
  throw new Interruption(
    new WhisperError('hub-broken', reason, 'Try again later, or set HF_ENDPOINT to another server.'),
  );
}

async function rejectLength(
  entry: CatalogueEntry,
  partial: PartialFile,
  answer: HttpAnswer,
  length: number,
): Promise<never> {
  const header = identifyHeader(Buffer.from(await readSome(answer, HEADER_BYTES), 'latin1'));
  throw header.kind === 'other' ? wrongFile(entry, header.looksLike) : wrongBytes(entry, partial.pin, { size: length });
}

async function receive(
  entry: CatalogueEntry,
  partial: PartialFile,
  answer: HttpAnswer,
  settings: AttemptSettings,
): Promise<void> {
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    await settings.throttle(chunk.length);
    const before = partial.received;
    await partial.append(chunk);
    if (partial.pin.size !== undefined && partial.received > partial.pin.size) {
      await partial.restart();
      throw wrongBytes(entry, partial.pin, {});
    }
    // Three gigabytes of something else are not worth waiting for.
    if (before < HEADER_BYTES && partial.received >= HEADER_BYTES) await requireModelHeader(entry, partial);
    settings.onBytes(chunk.length);
  }
  const { size } = partial.pin;
  if (size === undefined) return partial.learn({ size: partial.received });
  if (partial.received === size) return;
  // A page can be so short that its beginning was not looked at yet.
  if (partial.received >= MAGIC_BYTES) await requireModelHeader(entry, partial);
  throw new Interruption(wrongBytes(entry, partial.pin, { size: partial.received }));
}

async function requireModelHeader(entry: CatalogueEntry, partial: PartialFile): Promise<void> {
  const header = identifyHeader(await partial.header());
  if (header.kind === 'ggml') return;
  await partial.restart();
  throw wrongFile(entry, header.looksLike);
}

function asInterruption(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (error instanceof WhisperError || error instanceof Interruption || signal.aborted) return error;
  const code = networkErrorCode(error);
  const failure = unreachable(url, code, error);
  return isLastingNetworkError(code) ? failure : new Interruption(failure);
}
