import { readObject } from '../json-object.ts';

/** What the program wrote down about a file that it fetched or verified. Size in bytes, times ISO 8601. */
export interface ModelRecord {
  readonly file: string;
  readonly repo: string;
  readonly revision: string;
  readonly url: string;
  readonly size: number;
  readonly sha256: string;
  readonly fetchedAt: string;
  readonly verifiedAt: string;
  /** Of the file when the record was made: a file with another one is not the recorded one. */
  readonly mtime: string;
}

/** Reads a record; `undefined` where it is damaged in any way: then the file does not count as recorded. */
export function readRecord(text: string): ModelRecord | undefined {
  const fields = readObject(text) ?? {};
  const isText = (field: string): boolean => typeof fields[field] === 'string';
  const texts = ['file', 'repo', 'revision', 'url', 'sha256', 'fetchedAt', 'verifiedAt', 'mtime'];
  const valid = texts.every(isText) && typeof fields['size'] === 'number' && Number.isSafeInteger(fields['size']);
  const record = valid ? (fields as unknown as ModelRecord) : undefined;
  return record && /^[0-9a-f]{64}$/.test(record.sha256) ? record : undefined;
}
