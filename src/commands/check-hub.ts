import { HttpClient } from '../adapters/hub/client.ts';
import { RetryableError } from '../adapters/hub/network-error.ts';
import { hubOf, isOffline } from '../adapters/hub/environment.ts';
import type { Host } from '../adapters/process/host.ts';

// Milliseconds; a person waits for it.
const PATIENCE = 5000;

/** Whether the hub answers at all, in a sentence; throws a `WhisperError` where it does not. Nothing is fetched. */
export async function checkHub({ environment, signal }: Host): Promise<string> {
  const { endpoint } = hubOf(environment);
  if (isOffline(environment)) return `${endpoint.origin}: not checked, because HF_HUB_OFFLINE is set`;
  const client = new HttpClient({ environment, stallTimeout: PATIENCE });
  try {
    const until = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
    const answer = await client.get(endpoint, {}, { server: 'hub', signal: until });
    answer.body.discard();
    return `${endpoint.origin} answers`;
  } catch (error) {
    throw error instanceof RetryableError ? error.error : error;
  } finally {
    await client.close();
  }
}
