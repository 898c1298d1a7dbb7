import { HttpClient } from '../adapters/hub/client.ts';
import { noAnswer } from '../adapters/hub/network-error.ts';
import { hubOf, isOffline } from '../adapters/hub/access.ts';
import type { Host } from '../adapters/process/host.ts';

// Milliseconds; a person waits for it.
const PATIENCE = 5000;

/** Whether the hub answers at all, in a sentence; throws a `WhisperError` where it does not. Nothing is fetched. */
export async function checkHub({ environment, signal }: Host): Promise<string> {
  const { endpoint } = hubOf(environment);
  if (isOffline(environment)) return `${endpoint.origin}: not checked, because HF_HUB_OFFLINE is set`;
  const client = new HttpClient({ environment, stallTimeout: PATIENCE });
  try {
    const answer = await client.get(endpoint, {}, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]));
    answer.body.discard();
    return `${endpoint.origin} answers`;
  } catch (error) {
    if (signal.aborted) throw error;
    throw noAnswer({ url: endpoint, server: 'hub' }, error);
  } finally {
    await client.close();
  }
}
