import type { HttpClient } from '../hub/client.ts';
import type { CacheFiles } from './cache-files.ts';
import { FolderCache } from './folder-cache.ts';
import { HttpCache } from './http-cache.ts';

/** The files of the cache at an address; `stallTimeout`: milliseconds that a server may bring nothing. */
export function openCache(url: URL, client: HttpClient, stallTimeout: number): CacheFiles {
  return url.protocol === 'file:' ? new FolderCache(url) : new HttpCache(url, client, stallTimeout);
}
