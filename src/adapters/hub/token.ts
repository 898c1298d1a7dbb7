import { homedir } from 'node:os';
import { join } from 'node:path';
import { unreadableFile } from '../../core/messages/bytes.ts';
import { readWhole } from '../fs/read.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The access token as the Hugging Face tools find it: `HF_TOKEN`, its old name, then the token file; `undefined`: none. */
export function findToken(environment: Environment): string | undefined {
  if (isTrue(environment['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  const given = environment['HF_TOKEN'] ?? environment['HUGGING_FACE_HUB_TOKEN'];
  return clean(given) ?? clean(readTokenFile(environment));
}

/** A boolean variable as the Hugging Face tools read it. */
export function isTrue(value: string | undefined): boolean {
  return /^(1|on|yes|true)$/i.test(value ?? '');
}

function readTokenFile(environment: Environment): string | undefined {
  const home = environment['HOME'] || homedir();
  const cache = environment['XDG_CACHE_HOME'] || join(home, '.cache');
  const path = environment['HF_TOKEN_PATH'] || join(environment['HF_HOME'] || join(cache, 'huggingface'), 'token');
  try {
    return readWhole(path, (reason, cause) => unreadableFile(path, reason, cause))?.toString();
  } catch {
    // No file, or none that may be read: the same as no token.
    return undefined;
  }
}

// Anything but printable ASCII cannot be sent in a header.
function clean(token: string | undefined): string | undefined {
  const trimmed = token?.trim();
  return trimmed && /^[\x21-\x7e]+$/.test(trimmed) ? trimmed : undefined;
}
