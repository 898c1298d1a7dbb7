import { printable } from '../catalogue/names.ts';
import { emptyCacheUrl, pathNotAcceptedByNix, unsupportedCompression } from '../messages/environment.ts';

/** The binary caches that are asked before the hub, in this order. */
export interface Substituters {
  readonly caches: readonly URL[];
  readonly ignored: readonly { readonly address: string; readonly reason: string }[];
}

/**
 * Reads addresses in the notation of Nix: `https://cache.example.org`, `file:///srv/cache` or the path of a directory. Settings
 * after a question mark are ignored, because they are for Nix. `toPath` returns the absolute path of one that begins with a dot.
 */
export function readSubstituters(addresses: readonly string[], toPath: (path: string) => string): Substituters {
  const caches = new Map<string, URL>();
  const ignored: { address: string; reason: string }[] = [];
  for (const address of addresses) {
    const given = /^(\/|\.{1,2}(\/|$))/.test(address) ? folderAddress(toPath(address)) : address;
    const url = URL.canParse(given) ? new URL(given) : undefined;
    const reason = url ? obstacleIn(url) : 'it is not a valid URL';
    if (url && reason === undefined) {
      url.search = '';
      url.hash = '';
      url.pathname = url.pathname.replace(/\/*$/, '/');
      caches.set(url.href, url);
    } else {
      // Where a password ends in an invalid URL is unknown, so everything up to the last @ is removed.
      const shown = url?.href ?? address.replace(/\/\/.*@/s, '//');
      ignored.push({ address: shownAddress(shown), reason: reason ?? '' });
    }
  }
  return { caches: [...caches.values()], ignored };
}

/** The URL of a directory, in whose path a percent sign encodes nothing. */
function folderAddress(path: string): string {
  return `file://${path.replaceAll('%', '%25').replaceAll('#', '%23')}`;
}

function obstacleIn({ protocol, hostname, pathname, username, password }: URL): string | undefined {
  const isFolder = protocol === 'file:';
  if (!/^(https?|file):$/.test(protocol) || (isFolder && hostname !== ''))
    return 'only http, https and file URLs are supported';
  if (!isEncoded(username) || !isEncoded(password)) return 'write a percent sign in its user name or password as %25';
  const isPath = isEncoded(pathname) && !/%(2f|00)/i.test(pathname);
  return isFolder && !isPath ? 'it is not the path of a directory' : undefined;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The URL of an archive that a cache names; `undefined`: invalid, or a protocol less safe than the cache's. */
export function archiveAddress(cache: URL, named: string): URL | undefined {
  if (!URL.canParse(named, cache.href)) return undefined;
  const url = new URL(named, cache.href);
  const isSafer = cache.protocol === 'http:' && url.protocol === 'https:';
  return url.protocol === cache.protocol || isSafer ? url : undefined;
}

/** A URL, or a text with URLs, for messages and records: without user names and passwords. */
export function shownAddress(address: string | URL): string {
  return printable(String(address).replaceAll(/\b([a-z][a-z0-9+]*:\/\/)[^/@\s]*@/gi, '$1'));
}

const SETTING = 'compression=';

export interface PushTarget {
  readonly address: string;
  readonly shown: string;
  /** The compression of archives; `undefined`: the target is a Nix store, which has files. */
  readonly compression: 'none' | 'zstd' | undefined;
}

/**
 * Reads the address of a binary cache in the notation of Nix, or the path of a directory; `toPath` returns the absolute path of a
 * relative one. Archives are not compressed unless the address says `?compression=zstd`: weights hardly become smaller, and
 * the default of Nix takes minutes for a model of 200 MB (measured: xz 303 s, zstd 1.6 s). Throws `usage`.
 */
export function readPushTarget(given: string, toPath: (path: string) => string): PushTarget {
  // An empty variable of a script must not mean the working directory, or the root of the disk.
  if (/^(file:\/\/)?(\?|$)/i.test(given)) throw emptyCacheUrl();
  const hasScheme = /^[a-z][a-z0-9+-]*:\/\//i.test(given);
  const whole = hasScheme ? given : `file://${toPath(given)}`;
  const [base = '', query = ''] = whole.split(/\?(.*)/s, 2);
  const odd = /^file:/i.test(base) ? /[^\w./~+@=:,-]/.exec(base)?.[0] : undefined;
  if (odd !== undefined) throw pathNotAcceptedByNix(odd, shownAddress(base));
  const isCache = /^(file|https?|s3):/i.test(base);
  const shown = shownAddress(base);
  if (!isCache) return { address: whole, shown, compression: undefined };
  const settings = query.split('&').filter((setting) => setting !== '');
  const compression = settings.findLast((setting) => setting.startsWith(SETTING))?.slice(SETTING.length) ?? 'none';
  if (compression !== 'none' && compression !== 'zstd') throw unsupportedCompression(shown, compression);
  // The other settings reach Nix unchanged.
  const others = settings.filter((setting) => !setting.startsWith(SETTING));
  return { address: `${base}?${[...others, SETTING + compression].join('&')}`, shown, compression };
}
