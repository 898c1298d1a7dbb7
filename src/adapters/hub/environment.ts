import { join } from 'node:path';
import { invalidHubUrl } from '../../core/messages/environment.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { readTextOrNothing } from '../fs/read.ts';
import { homeFolder } from '../fs/user-folders.ts';

/** The hub; or any other server, which has no token. */
export interface Hub {
  readonly server: 'hub' | 'web';
  readonly endpoint: URL;
  readonly token: string | undefined;
}

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** The hub that the environment names, by the variables of the Hugging Face tools. Throws `usage` for an invalid URL. */
export function hubOf(environment: Environment): Hub {
  const given = environment['HF_ENDPOINT']?.trim() || DEFAULT_ENDPOINT;
  const endpoint = URL.canParse(given) ? new URL(given) : undefined;
  const isPlain = endpoint !== undefined && endpoint.search === '' && endpoint.hash === '';
  if (isPlain && /^https?:$/.test(endpoint.protocol)) return { server: 'hub', endpoint, token: findToken(environment) };
  throw invalidHubUrl(given, DEFAULT_ENDPOINT);
}

/** The access token as the Hugging Face tools find it: `HF_TOKEN`, its old name, then the token file; `undefined`: none. */
export function findToken(environment: Environment): string | undefined {
  if (isTrue(environment['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  const given = environment['HF_TOKEN'] ?? environment['HUGGING_FACE_HUB_TOKEN'];
  return cleanToken(given) ?? cleanToken(readTokenFile(environment));
}

export function isOffline(environment: Environment): boolean {
  return isTrue(environment['HF_HUB_OFFLINE']) || isTrue(environment['TRANSFORMERS_OFFLINE']);
}

/** Milliseconds without a byte after which a connection counts as stalled; `HF_HUB_DOWNLOAD_TIMEOUT` gives seconds. */
export function stallTimeout(environment: Environment): number {
  const seconds = Number(environment['HF_HUB_DOWNLOAD_TIMEOUT']);
  return (seconds > 0 ? seconds : 20) * 1000;
}

/** A boolean variable as the Hugging Face tools read it. */
function isTrue(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '');
}

function readTokenFile(environment: Environment): string {
  const cache = environment['XDG_CACHE_HOME'] || join(homeFolder(environment), '.cache');
  const path = environment['HF_TOKEN_PATH'] || join(environment['HF_HOME'] || join(cache, 'huggingface'), 'token');
  // A file that is missing or unreadable counts as no token.
  return readTextOrNothing(path);
}

// Anything but printable ASCII cannot be sent in a header.
function cleanToken(token: string | undefined): string | undefined {
  const trimmed = token?.trim();
  return trimmed && /^[\x21-\x7e]+$/.test(trimmed) ? trimmed : undefined;
}
