import { invalidHubUrl } from '../../core/messages/environment.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import type { Hub } from './access.ts';
import { findToken, isTrue } from './token.ts';

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** The hub that the environment names, by the variables of the Hugging Face tools. */
export function hubOf(environment: Environment): Hub {
  const given = environment['HF_ENDPOINT']?.trim() || DEFAULT_ENDPOINT;
  const endpoint = URL.canParse(given) ? new URL(given) : undefined;
  const isPlain = endpoint !== undefined && endpoint.search === '' && endpoint.hash === '';
  if (isPlain && (endpoint.protocol === 'https:' || endpoint.protocol === 'http:'))
    return { endpoint, token: findToken(environment) };
  throw invalidHubUrl(given, DEFAULT_ENDPOINT);
}

/** Whether the environment forbids the network. */
export function isOffline(environment: Environment): boolean {
  return isTrue(environment['HF_HUB_OFFLINE']) || isTrue(environment['TRANSFORMERS_OFFLINE']);
}

/** Milliseconds without a byte after which a connection counts as stalled; `HF_HUB_DOWNLOAD_TIMEOUT` gives seconds. */
export function stallTimeout(environment: Environment): number {
  const seconds = Number(environment['HF_HUB_DOWNLOAD_TIMEOUT']);
  return (seconds > 0 ? seconds : 20) * 1000;
}
