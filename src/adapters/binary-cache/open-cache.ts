import type { HttpClient } from '../hub/client.ts';
import type { CacheFiles } from './cache-files.ts';
import { FolderCache } from './folder-cache.ts';
import { HttpCache } from './http-cache.ts';

/** The files of the cache at an address. */
export function openCache(url: URL, client: HttpClient): CacheFiles {
  return url.protocol === 'file:' ? new FolderCache(url) : new HttpCache(url, client);
}
