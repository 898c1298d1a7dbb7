import { NAR_START, NarFrame } from '../../core/binary-cache/nar.ts';
import { archiveMismatch, type NarInfo } from '../../core/binary-cache/narinfo.ts';
import { shownAddress } from '../../core/binary-cache/substituters.ts';
import type { PinnedEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import { readContentRange, wholeSize } from '../../core/hub/answer.ts';
import type { Range } from '../../core/hub/ranges.ts';
import type { ByteSource, Opened } from '../hub/byte-source.ts';
import type { HttpAnswer } from '../hub/client.ts';
import type { HttpCache } from './http-cache.ts';

/** A model inside an archive that is not packed: its bytes are the archive's, from a fixed place on. */
export class NarSource implements ByteSource {
  readonly isHub = false;
  readonly url: string;
  readonly #cache: HttpCache;
  readonly #path: string;
  readonly #entry: PinnedEntry;
  readonly #frame: NarFrame;

  constructor(cache: HttpCache, info: NarInfo, entry: PinnedEntry) {
    this.#cache = cache;
    this.#path = info.url;
    this.#entry = entry;
    this.#frame = new NarFrame(entry.size);
    this.url = narAddress(cache.url, info);
  }

  async open({ start, end }: Range, _size: number | undefined, signal: AbortSignal): Promise<Opened> {
    // The first part comes with what is before the content, the last one with what is after it.
    const from = start === 0 ? 0 : start + NAR_START;
    const to = end === this.#entry.size ? this.#frame.narSize : end + NAR_START;
    const answer = await this.#cache.get(this.#path, { range: `bytes=${from}-${to - 1}` }, signal);
    const facts = { commit: undefined, size: undefined, sha256: undefined };
    return { answer: this.#content(answer), facts, leave: () => {}, prove: () => {} };
  }

  /** The answer as it would be if the model lay there by itself. */
  #content(answer: HttpAnswer): HttpAnswer {
    const { size } = this.#entry;
    const { narSize } = this.#frame;
    const given = readContentRange(answer.headers['content-range']);
    const whole = wholeSize(answer) ?? narSize;
    if (whole !== narSize) {
      answer.body.abort();
      throw this.#bad(`its archive has ${whole} bytes, not ${narSize}`);
    }
    if (!given && answer.status === 206) return answer;
    const { start, end } = given ?? { start: 0, end: narSize - 1 };
    const check = (bytes: Buffer, at: number): WhisperError | undefined =>
      this.#frame.fits(bytes, start + at)
        ? undefined
        : this.#bad(`its archive is not that of one file of ${size} bytes`);
    const [first, last] = [Math.max(0, start - NAR_START), Math.min(end - NAR_START, size - 1)];
    answer.body.window(Math.max(0, NAR_START - start), last - first + 1, check);
    const about = given ? { 'content-range': `bytes ${first}-${last}/${size}` } : { 'content-length': String(size) };
    return { ...answer, headers: { ...answer.headers, ...about } };
  }

  #bad(problem: string): WhisperError {
    return archiveMismatch(this.#cache.url, this.#entry, problem);
  }
}

/** Where an archive is, for messages and records: without password and signature. */
export function narAddress(cache: URL, { url }: NarInfo): string {
  const { href } = new URL(url, cache);
  return shownAddress(href.replace(/[?#].*$/, ''));
}
