import { WhisperError } from '../errors.ts';
import type { Range } from './ranges.ts';
import type { CatalogueEntry } from '../models/catalogue.ts';
import { printable, shortName } from '../models/name.ts';

/** What is known of some bytes. Size in bytes, sha256 in hex. */
export interface Known {
  readonly size?: number | undefined;
  readonly sha256?: string | undefined;
}

/** What came is no model at all. */
export function wrongFile(entry: CatalogueEntry, looksLike: string): WhisperError {
  const message = `What came for ${shortName(entry.file)} is no model but ${printable(looksLike)}`;
  return new WhisperError('wrong-file', message, 'Nothing was published. Check HF_ENDPOINT and the proxy settings.', {
    details: { file: entry.file, looksLike },
  });
}

/** What came has another size or hash than was pinned. */
export function wrongBytes(entry: CatalogueEntry, expected: Known, actual: Known): WhisperError {
  const difference =
    expected.size !== actual.size
      ? `its size is ${actual.size ?? 'larger'}, not ${expected.size}`
      : `its sha256 is ${actual.sha256}, not ${expected.sha256}`;
  return new WhisperError(
    'wrong-bytes',
    `${shortName(entry.file)} is not what was pinned: ${difference}`,
    'Nothing was published. The mirror or a proxy changes the file: check HF_ENDPOINT, then run the same command again.',
    {
      details: {
        file: entry.file,
        expected: { size: expected.size ?? null, sha256: expected.sha256 ?? null },
        actual: { size: actual.size ?? null, sha256: actual.sha256 ?? null },
      },
    },
  );
}

/** A page came in place of the file: what a captive portal or a proxy does. */
export function interceptedByPage(entry: CatalogueEntry, firstLine: string): WhisperError {
  const said = printable(firstLine);
  return new WhisperError(
    'intercepted',
    `An HTML page came in place of ${shortName(entry.file)}: ${said}`,
    'A captive portal or proxy answers for the hub: log in to the network, or set HTTPS_PROXY or HF_ENDPOINT.',
    { details: { file: entry.file, said } },
  );
}

/** The answer is compressed although that was ruled out. */
export function interceptedByEncoding(entry: CatalogueEntry, encoding: string): WhisperError {
  return new WhisperError(
    'intercepted',
    `The answer is encoded (${printable(encoding)}) although plain bytes were asked for`,
    'A proxy or mirror in between changes what it passes on: go around it, or set HF_ENDPOINT.',
    { details: { file: entry.file, encoding } },
  );
}

/** `bytes 0 to 4194303 and 8388608 to 9000000`, for messages. */
export function describeRanges(ranges: readonly Range[]): string {
  const [first, second, ...more] = ranges.map(({ start, end }) => `${start} to ${end - 1}`);
  if (second === undefined) return `bytes ${first}`;
  return more.length === 0
    ? `bytes ${first} and ${second}`
    : `${ranges.length} parts, the first of them bytes ${first}`;
}

/** A server that does not answer as a hub does, where nothing else tells which bytes are right. */
export function noHub({ origin }: URL, { file }: CatalogueEntry): WhisperError {
  return new WhisperError(
    'intercepted',
    `${origin} does not answer as a hub does (no X-Repo-Commit), and nothing pins the bytes of ${shortName(file)}`,
    'Check HF_ENDPOINT and the proxy settings, or give the entry of WHISPER_CATALOG its sha256.',
    { details: { file, hub: origin } },
  );
}
