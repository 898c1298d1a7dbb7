import { isSameOrigin, type Origin, originOf } from '../catalogue/origin.ts';
import type { FileFacts } from '../hub/answer.ts';
import { type Range, Ranges } from '../hub/ranges.ts';
import { readObject } from '../json.ts';
import { isCount } from '../quantity.ts';

/** The expected bytes of a download. Once the hash is known, only the hash counts. */
export type Pin = Origin & {
  readonly size?: number;
  readonly sha256?: string;
  /** What the server sends with this version of the file, where its sha256 is not known. */
  readonly version?: string;
};

/** Bytes that have arrived. Their CRC-32 shows whether a crash kept them from the disk. */
export interface Piece extends Range {
  readonly crc?: number;
}

interface Journal {
  readonly pin: Pin;
  readonly finished: readonly Piece[];
  /** How many bytes are on the disk. */
  readonly received: number;
}

/** An unfinished download of a model; sizes in bytes. */
export interface UnfinishedDownload {
  readonly name: string;
  readonly size: number;
  readonly received: number;
  /** A process is fetching it at this moment. */
  readonly isRunning: boolean;
}

/** The files of an unfinished download whose bytes are at `path`. */
export function partialFiles(path: string): readonly string[] {
  return [path, `${path}.json`, `${path}.json.tmp`];
}

/** A journal as text: `{repo, revision, path?, size?, sha256?, version?, finished: [[start, end, crc?]…]}`, or `url` for the first three. */
export function writeJournal(pin: Pin, finished: readonly Piece[]): string {
  const rows = finished.map(({ start, end, crc }) => (crc === undefined ? [start, end] : [start, end, crc]));
  return JSON.stringify({ ...pin, finished: rows });
}

/** Reads a journal; `undefined` where it is damaged in any way, which means that no byte counts. */
export function readJournal(text: string): Journal | undefined {
  const { size, sha256, version, finished, ...place } = readObject(text) ?? {};
  const origin = readPlace(place);
  if (!origin || !Array.isArray(finished)) return undefined;
  if ((size !== undefined && !isCount(size)) || (sha256 !== undefined && typeof sha256 !== 'string')) return undefined;
  if (version !== undefined && typeof version !== 'string') return undefined;
  const pin = withFacts(origin, { size, sha256, version });
  const pieces = (finished as unknown[]).map(readPiece);
  if (!pieces.every((piece) => piece !== undefined)) return undefined;
  const sorted = pieces.toSorted((a, b) => a.start - b.start);
  if (sorted.some(({ start }, index) => start < (sorted[index - 1]?.end ?? 0))) return undefined;
  return { pin, finished: sorted, received: new Ranges(sorted).total };
}

function readPlace({ repo, revision, path, url }: Readonly<Record<string, unknown>>): Origin | undefined {
  if (repo === undefined) return typeof url === 'string' ? { url } : undefined;
  if (typeof repo !== 'string' || typeof revision !== 'string') return undefined;
  return { repo, revision, ...(typeof path === 'string' && { path }) };
}

function readPiece(value: unknown): Piece | undefined {
  const [start, end, crc] = Array.isArray(value) ? (value as unknown[]) : [];
  if (!isCount(start) || !isCount(end) || start > end || (crc !== undefined && !isCount(crc))) return undefined;
  return crc === undefined ? { start, end } : { start, end, crc };
}

/** A pin with what the journal of the same bytes knows besides. */
export function joinPins(known: Pin | undefined, pin: Pin): Pin {
  const { size = known?.size, sha256 = known?.sha256, version = known?.version } = pin;
  return withFacts(pin, { size, sha256, version });
}

/** A pin with more facts about its bytes; `undefined`: not known. A version counts only as long as there is no sha256. */
export function withFacts(
  pin: Pin,
  { size = pin.size, sha256 = pin.sha256, version = pin.version }: Pick<FileFacts, 'size' | 'sha256' | 'version'>,
): Pin {
  return {
    ...originOf(pin),
    ...(size !== undefined && { size }),
    ...(sha256 !== undefined && { sha256 }),
    ...(version !== undefined && sha256 === undefined && { version }),
  };
}

/**
 * Whether bytes of an earlier run may be those that the next one gets: by the sha256, by the commit or branch of the hub, whose
 * answers tell of a change, or by the version of the file on another server.
 */
export function isResumable({ repo, sha256, version }: Pin): boolean {
  return repo !== undefined || sha256 !== undefined || version !== undefined;
}

/** Whether two pins can be of the same bytes. Bytes of a known hash are the same wherever they come from. */
export function samePin(a: Pin, b: Pin): boolean {
  const same = <T>(one: T | undefined, other: T | undefined): boolean =>
    one === undefined || other === undefined || one === other;
  if (!same(a.size, b.size) || !same(a.sha256, b.sha256)) return false;
  return (b.sha256 !== undefined && a.sha256 === b.sha256) || isSameOrigin(a, b);
}
