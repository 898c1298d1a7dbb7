import { openCache } from '../../adapters/binary-cache/cache-files.ts';
import { HttpClient } from '../../adapters/hub/client.ts';
import { hubOf, isOffline } from '../../adapters/hub/environment.ts';
import { noAnswer, RetryableError } from '../../adapters/hub/network-error.ts';
import type { Host } from '../../adapters/process/host.ts';
import { shownAddress } from '../../core/binary-cache/substituters.ts';
import { WhisperError } from '../../core/errors.ts';
import { missingCacheInfo } from '../../core/messages/transfer/cache.ts';

// Milliseconds, because the user is waiting.
const TIMEOUT = 5000;

/** A sentence that the hub answers; throws a `WhisperError` if it does not. Downloads nothing. */
export async function checkHub({ environment, signal }: Host): Promise<string> {
  const { endpoint } = hubOf(environment);
  if (isOffline(environment)) return `${endpoint.origin}: not checked, because HF_HUB_OFFLINE is set`;
  const client = new HttpClient(environment, TIMEOUT);
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]);
    const answer = await client.get(endpoint, {}, { server: 'hub', signal: until });
    answer.body.discard();
    return `${endpoint.origin} answers`;
  } catch (error) {
    if (error instanceof RetryableError) throw error.error;
    if (error instanceof WhisperError || signal.aborted) throw error;
    // It timed out, or the connection failed in a way that a download would not retry.
    throw noAnswer(error, endpoint, 'hub');
  } finally {
    await client.close();
  }
}

/** A sentence that a binary cache answers; throws a `WhisperError` if it does not. Downloads nothing. */
export async function checkCache({ environment, signal }: Host, url: URL): Promise<string> {
  const shown = shownAddress(url);
  const client = new HttpClient(environment, TIMEOUT);
  try {
    const files = openCache(url, client);
    if (files.isRemote && isOffline(environment)) return `${shown}: not checked, because HF_HUB_OFFLINE is set`;
    const text = await files.text('nix-cache-info', signal);
    if (text !== undefined) return `${shown} is a binary cache`;
    throw missingCacheInfo(shown);
  } catch (error) {
    throw error instanceof RetryableError ? error.error : error;
  } finally {
    await client.close();
  }
}
