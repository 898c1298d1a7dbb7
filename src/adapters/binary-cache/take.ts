import { NAR_START, narEnd, NarFrame, narStart } from '../../core/binary-cache/nar.ts';
import { archiveMismatch, requireHash } from '../../core/binary-cache/narinfo.ts';
import { shownAddress } from '../../core/binary-cache/substituters.ts';
import { EXIT, WhisperError } from '../../core/errors.ts';
import { LargeFile } from '../fs/large-file.ts';
import { readContentRange, wholeSize } from '../../core/hub/answer.ts';
import type { ByteSource, TransferSettings } from '../hub/byte-source.ts';
import type { HttpAnswer } from '../hub/client.ts';
import { transfer, type Transferred } from '../hub/transfer.ts';
import type { PartialFile } from '../store/partial-file.ts';
import { HttpCache } from './cache-files.ts';
import { type Archive, streamNar } from './nar-stream.ts';

/**
 * Downloads a model from a binary cache into its partial file, and verifies it: over several connections where the archive is
 * not compressed, else in one stream. Throws a `WhisperError`, with exit code 5 where the archive is wrong; its bytes are then
 * removed from the partial file.
 */
export async function takeFromCache(
  archive: Archive,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<Transferred> {
  const { files, info } = archive;
  const hasRanges = files instanceof HttpCache && info.compression === 'none';
  try {
    return await (hasRanges ? takeRanges(archive, files, partial, settings) : takeStream(archive, partial, settings));
  } catch (error) {
    if (isWrong(error)) await partial.restart();
    throw error;
  }
}

function isWrong(error: unknown): error is WhisperError {
  return error instanceof WhisperError && error.exitCode === EXIT.integrity;
}

async function takeRanges(
  archive: Archive,
  cache: HttpCache,
  partial: PartialFile,
  settings: TransferSettings,
): Promise<Transferred> {
  const { info, entry } = archive;
  const done = await transfer(entry, partial, narSource(archive, cache), settings).catch((error: unknown) => {
    throw isWrong(error) && !('cache' in error.details) ? archiveMismatch(cache.url, entry, error.message) : error;
  });
  // Nix rejects an archive with another hash, so the narinfo must have the right one.
  const frame = [narStart(entry.size), narEnd(entry.size)] as const;
  const narHash = await LargeFile.use(partial.path, (file) => file.sha256(settings.signal, () => {}, frame));
  requireHash(cache.url, entry, 'NarHash', info.narHash, narHash);
  return done;
}

/** A model inside an archive that is not compressed: its bytes are those of the archive, 96 bytes later. */
function narSource(archive: Archive, cache: HttpCache): ByteSource {
  const { info, entry } = archive;
  const frame = new NarFrame(entry.size);
  return {
    server: 'cache',
    url: narAddress(archive),
    open: async ({ start, end }, _size, signal) => {
      // The first range includes the bytes before the content, the last one those after it.
      const from = start === 0 ? 0 : start + NAR_START;
      const to = end === entry.size ? frame.narSize : end + NAR_START;
      const answer = await cache.get(info.url, { range: `bytes=${from}-${to - 1}` }, signal);
      const facts = { commit: undefined, size: undefined, sha256: undefined };
      return { answer: contentOf(answer, archive, frame), facts };
    },
  };
}

/** The answer that a server of the model itself would give; the bytes around the content are checked and left out. */
function contentOf(answer: HttpAnswer, { files, entry }: Archive, frame: NarFrame): HttpAnswer {
  const { size } = entry;
  const { narSize } = frame;
  const { headers, body, status } = answer;
  const range = readContentRange(headers['content-range']);
  const given = wholeSize(answer) ?? narSize;
  if (given !== narSize) {
    body.abort();
    throw archiveMismatch(files.url, entry, `its archive has ${given} bytes, not ${narSize}`);
  }
  if (!range && status === 206) return answer;
  const { start, end } = range ?? { start: 0, end: narSize - 1 };
  const [first, last] = [Math.max(0, start - NAR_START), Math.min(end - NAR_START, size - 1)];
  body.window(Math.max(0, NAR_START - start), last - first + 1, (bytes, offset) =>
    frame.fits(bytes, start + offset)
      ? undefined
      : archiveMismatch(files.url, entry, `its archive is not that of one file of ${size} bytes`),
  );
  const about = range ? { 'content-range': `bytes ${first}-${last}/${size}` } : { 'content-length': String(size) };
  return { ...answer, headers: { ...headers, ...about } };
}

async function takeStream(archive: Archive, partial: PartialFile, settings: TransferSettings): Promise<Transferred> {
  const { files, entry } = archive;
  const { size, sha256: expected } = entry;
  let streamed = 0;
  for (let isFirst = true; ; isFirst = false) {
    settings.budget.enter();
    streamed += await streamNar(archive, partial, settings).finally(() => settings.budget.leave());
    const sha256 = await partial.digest();
    if (sha256 === expected) {
      const [received, connections] = files.isRemote ? [streamed, 1] : [0, 0];
      return { size, sha256, url: narAddress(archive), commit: undefined, received, connections };
    }
    if (sha256 === undefined) continue;
    // The wrong bytes may be those of an earlier run.
    await partial.restart();
    if (!isFirst) throw archiveMismatch(files.url, entry, `its sha256 is ${sha256}, not ${expected}`);
  }
}

/** The URL of an archive for messages and records: without password and signature. */
function narAddress({ files, info }: Archive): string {
  const { href } = new URL(info.url, files.url);
  return shownAddress(href.replace(/[?#].*$/, ''));
}
