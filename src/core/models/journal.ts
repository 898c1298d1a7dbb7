/** The bytes that a download is meant to give: once the hash is known, nothing else decides. */
export interface Pin {
  readonly repo: string;
  readonly revision: string;
  readonly size?: number;
  readonly sha256?: string;
}

/** What an unfinished download says about itself. */
export interface Journal {
  readonly pin: Pin;
  /** Bytes from the start of the file that are on the disk. */
  readonly received: number;
}

/** The files of an unfinished download whose bytes are at `path`. */
export function partialFiles(path: string): readonly string[] {
  return [path, `${path}.json`, `${path}.json.tmp`];
}

/** Reads a journal; `undefined` where it is damaged in any way, which means that no byte counts. */
export function readJournal(text: string): Journal | undefined {
  const value = parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { repo, revision, size, sha256, finished } = value as Record<string, unknown>;
  if (typeof repo !== 'string' || typeof revision !== 'string' || !Array.isArray(finished)) return undefined;
  if ((size !== undefined && typeof size !== 'number') || (sha256 !== undefined && typeof sha256 !== 'string'))
    return undefined;
  const pin = { repo, revision, ...(size !== undefined && { size }), ...(sha256 !== undefined && { sha256 }) };
  const [first] = finished as unknown[];
  if (first === undefined) return { pin, received: 0 };
  const [start, end] = Array.isArray(first) ? (first as unknown[]) : [];
  const valid = start === 0 && typeof end === 'number' && Number.isSafeInteger(end) && end >= 0;
  return valid ? { pin, received: end } : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file after a crash: damaged like any other.
    return undefined;
  }
}
