import { WhisperError } from '../../errors.ts';
import { pinnerText } from '../../catalogue/entries.ts';
import { shortName } from '../../catalogue/names.ts';

/** Bytes that do not match their pin. `file` is a model's file name. */

/** A model, and its address where that is not on the hub. */
interface Fetched {
  readonly file: string;
  readonly url?: string | undefined;
}

/** Size in bytes, sha256 in hex. */
export interface Fingerprint {
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
}

export function notAModel({ file, url }: Fetched, looksLike: string): WhisperError {
  const settings = url === undefined ? 'HF_ENDPOINT' : 'the URL';
  return new WhisperError(
    'wrong-file',
    `The download of ${shortName(file)} is not a model but ${looksLike}`,
    `Check ${settings} and the proxy settings; nothing was installed`,
    { details: { file, looksLike } },
  );
}

export function contentMismatch({ file, url }: Fetched, expected: Fingerprint, actual: Fingerprint): WhisperError {
  return new WhisperError(
    'wrong-bytes',
    `The download of ${shortName(file)} does not match its pin: the ${differenceOf(expected, actual)}`,
    url === undefined
      ? 'A mirror or proxy seems to change the file: check HF_ENDPOINT, then run the same command again; nothing was installed'
      : 'The file may have been replaced: compare its url and hash in modelSources, the lock file or WHISPER_CATALOG with its page; nothing was installed',
    { details: { file, expected: withNulls(expected), actual: withNulls(actual) } },
  );
}

const RENEW = {
  catalogue: 'Check HF_ENDPOINT: the mirror serves another file, or an entry in WHISPER_CATALOG is out of date',
  'lock file':
    'Check HF_ENDPOINT: the mirror may serve another file; if the lock file is out of date, delete the entry from it and run whisper lock',
  modelSources:
    'Compare its url, hash and size in modelSources with the page of the file, or check HF_ENDPOINT: the mirror may serve another file',
  hub: 'Check HF_ENDPOINT: its mirrors serve different files; run the same command again later',
} as const;

/** The hub has other bytes under the name than are pinned: known before any of them is fetched. */
export function stalePin(
  file: string,
  pinnedBy: keyof typeof RENEW,
  expected: Fingerprint,
  actual: Fingerprint,
): WhisperError {
  return new WhisperError(
    'stale-pin',
    `${file} on the hub does not match ${pinnerText(pinnedBy)}: its ${differenceOf(expected, actual)}; this file was not downloaded`,
    RENEW[pinnedBy],
    { details: { file, expected: withNulls(expected), actual: withNulls(actual) } },
  );
}

/** What is known of both sides and differs: the size, or else the sha256. */
function differenceOf(expected: Fingerprint, actual: Fingerprint): string {
  const isSameSize = (actual.size ?? expected.size) === (expected.size ?? actual.size);
  if (isSameSize && actual.sha256 !== undefined) return `sha256 is ${actual.sha256}, not ${expected.sha256}`;
  const size = `size is ${actual.size ?? 'larger'}`;
  return expected.size === undefined ? size : `${size}, not ${expected.size}`;
}

/** A captive portal or a proxy answered with a page. `said`: its first line. */
export function interceptedByPage({ file, url }: Fetched, said: string): WhisperError {
  return new WhisperError(
    'intercepted',
    `The server sent an HTML page instead of ${shortName(file)}: ${said}`,
    url === undefined
      ? 'A captive portal or proxy answers for the hub: log in to the network, or set HTTPS_PROXY or HF_ENDPOINT'
      : 'Check that the address is the one of the file, not of a page about it; if a captive portal answers, log in to the network',
    { details: { file, said } },
  );
}

export function interceptedByEncoding({ file, url }: Fetched, encoding: string): WhisperError {
  return new WhisperError(
    'intercepted',
    `The server sent ${shortName(file)} with the content encoding ${encoding}, which was not requested`,
    `A proxy or mirror changes the download: bypass it with NO_PROXY${url === undefined ? ', or set HF_ENDPOINT' : ''}`,
    { details: { file, encoding } },
  );
}

/** A server that does not answer as a hub does, where nothing else tells which bytes are right. */
export function notAHub(hub: string, file: string): WhisperError {
  return new WhisperError(
    'intercepted',
    `${hub} does not answer like a Hugging Face hub (no X-Repo-Commit header), and no sha256 of ${shortName(file)} is known`,
    'Check HF_ENDPOINT and the proxy settings, or add the sha256 to the entry in WHISPER_CATALOG',
    { details: { file, hub } },
  );
}

function withNulls({ size, sha256 }: Fingerprint): object {
  return { size: size ?? null, sha256: sha256 ?? null };
}

/** `reason`: the code of a system error. */
export function unreadableFile(path: string, reason: string, cause: unknown): WhisperError {
  switch (reason) {
    case 'ENOENT':
    case 'ENOTDIR':
      return unreadable(path, 'does not exist', 'Check the path', cause);
    case 'EACCES':
    case 'EPERM':
      return unreadable(
        path,
        'cannot be read: permission denied',
        'Check the owner and permissions of the file and its directories',
        cause,
      );
    default:
      return unreadable(path, `cannot be read: ${reason}`, 'Check the path and the disk', cause);
  }
}

export function notARegularFile(path: string, isFolder: boolean): WhisperError {
  const hint = 'Name the files, for example models/ggml-base.en.bin';
  return unreadable(path, isFolder ? 'is a directory' : 'is not a regular file', hint);
}

function unreadable(path: string, reason: string, hint: string, cause?: unknown): WhisperError {
  return new WhisperError('file-unreadable', `${path} ${reason}`, hint, { details: { path, reason }, cause });
}

/** `files`: the results of the other files. */
export function unreadableFiles(
  first: WhisperError,
  more: readonly WhisperError[],
  files: readonly object[],
): WhisperError {
  const failures = [first, ...more];
  return new WhisperError('file-unreadable', failures.map(({ message }) => message).join('; '), first.hint, {
    details: { failed: failures.map(({ details }) => details), files },
    cause: first,
  });
}
