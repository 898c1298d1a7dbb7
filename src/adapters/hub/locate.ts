import { WhisperError } from '../../core/errors.ts';
import { readFacts, refusal, requirePinned, type FileFacts } from '../../core/hub/answer.ts';
import { isTransient } from '../../core/hub/retry.ts';
import type { CatalogueEntry } from '../../core/models/catalogue.ts';
import { discard, readSome, type HttpAnswer, type HttpClient } from './client.ts';

export interface Hub {
  readonly endpoint: URL;
  readonly token: string | undefined;
}

/** Where a file's bytes are, as the hub says, with what it says about them. */
export interface Location {
  readonly url: URL;
  readonly facts: FileFacts;
  /** The answer of the last hop, where it was the file itself and not one more redirect. */
  readonly answer: HttpAnswer;
}

const MAX_HOPS = 10;

/** The address at which the hub answers for a model of the catalogue. */
export function resolveUrl({ endpoint }: Hub, { repo, revision, file }: CatalogueEntry): URL {
  return new URL(`${endpoint.href.replace(/\/+$/, '')}/${repo}/resolve/${encodeURIComponent(revision)}/${file}`);
}

/**
 * Asks the hub for a file, from byte `from` on, following redirects by hand: what the hub says about the file is only in its
 * own answers, and the token must not leave its origin. Answers that may be better next time (5xx, 429) are handed back.
 */
export async function locate(
  client: HttpClient,
  hub: Hub,
  entry: CatalogueEntry,
  from: number,
  signal: AbortSignal,
): Promise<Location> {
  let url = resolveUrl(hub, entry);
  let facts: FileFacts = { commit: undefined, size: undefined, sha256: undefined };
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const answer = await ask(client, hub, url, from, signal);
    if (url.origin === hub.endpoint.origin) facts = merge(facts, readFacts(answer));
    if (answer.status >= 300 && answer.status < 400) {
      discard(answer);
      requirePinned(entry, facts);
      url = nextHop(url, answer);
      continue;
    }
    const isContent = url.origin !== hub.endpoint.origin;
    if (answer.status < 400 || isTransient(answer.status) || isContent || answer.status === 416) {
      if (answer.status < 400) pinOrDiscard(entry, facts, answer);
      return { url, facts, answer };
    }
    throw refusal(entry, answer, await readSome(answer), hub.endpoint.origin, hub.token);
  }
  throw new WhisperError(
    'hub-broken',
    `The hub redirects in circles (${MAX_HOPS} times)`,
    'Check HF_ENDPOINT and the proxy settings.',
    {
      details: { url: url.origin + url.pathname },
    },
  );
}

/** One request; the token goes along only on the hub's own origin. */
export async function ask(
  client: HttpClient,
  hub: Hub,
  url: URL,
  from: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const authorize = hub.token !== undefined && url.origin === hub.endpoint.origin;
  return client.get(
    url,
    { ...(from > 0 && { range: `bytes=${from}-` }), ...(authorize && { authorization: `Bearer ${hub.token}` }) },
    signal,
  );
}

function pinOrDiscard(entry: CatalogueEntry, facts: FileFacts, answer: HttpAnswer): void {
  try {
    requirePinned(entry, facts);
  } catch (error) {
    discard(answer);
    throw error;
  }
}

function nextHop(from: URL, answer: HttpAnswer): URL {
  const location = answer.headers['location'];
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const isSafe =
    to !== undefined && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'));
  if (isSafe) return to;
  throw new WhisperError(
    'hub-broken',
    `The hub redirects to an address that is not fetched: ${to ? `${to.protocol}//${to.host}` : 'none'}`,
    'Check HF_ENDPOINT and the proxy settings.',
  );
}

function merge(known: FileFacts, more: FileFacts): FileFacts {
  return { commit: known.commit ?? more.commit, size: known.size ?? more.size, sha256: known.sha256 ?? more.sha256 };
}
