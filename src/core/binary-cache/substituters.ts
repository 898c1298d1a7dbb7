import { printable } from '../catalogue/names.ts';
import { emptyCacheUrl, pathNotAcceptedByNix, unsupportedCompression } from '../messages/environment.ts';

/** Binary caches to ask before the hub, in the order in which they are asked. */
export interface Substituters {
  readonly caches: readonly URL[];
  /** What is named and cannot be asked from here, with the reason. */
  readonly ignored: readonly { readonly address: string; readonly reason: string }[];
}

/**
 * Reads addresses as Nix has them: `https://cache.example.org`, `file:///srv/cache`, a folder by its path, each perhaps with
 * settings behind a question mark, which are for Nix alone. `toPath` gives the absolute path of one that begins with a dot.
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
      // Of what is no address nobody can tell where a password in it ends.
      const shown = url?.href ?? address.replace(/\/\/.*@/s, '//');
      ignored.push({ address: shownAddress(shown), reason: reason ?? '' });
    }
  }
  return { caches: [...caches.values()], ignored };
}

/** The address of a folder by its path, in which a percent sign is nothing but that. */
function folderAddress(path: string): string {
  return `file://${path.replaceAll('%', '%25').replaceAll('#', '%23')}`;
}

/** Why a cache cannot be asked; `undefined`: it can. */
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

/**
 * Where an archive is that a cache names; `undefined` where that is no address, or one of another kind than the cache's own.
 * Nothing leads from https to http.
 */
export function archiveAddress(cache: URL, named: string): URL | undefined {
  if (!URL.canParse(named, cache.href)) return undefined;
  const url = new URL(named, cache.href);
  const isSafer = cache.protocol === 'http:' && url.protocol === 'https:';
  return url.protocol === cache.protocol || isSafer ? url : undefined;
}

/** An address for people and records, or a text with addresses: without names and passwords. */
export function shownAddress(address: string | URL): string {
  return printable(String(address).replaceAll(/\b([a-z][a-z0-9+]*:\/\/)[^/@\s]*@/gi, '$1'));
}

const SETTING = 'compression=';

/** Where models are pushed to. */
export interface PushTarget {
  /** As Nix takes it. */
  readonly address: string;
  /** For people. */
  readonly shown: string;
  /** How archives are packed there; `undefined` where the other side is a Nix that has files. */
  readonly compression: 'none' | 'zstd' | undefined;
}

/**
 * Reads the address of a binary cache, as Nix has them, or a folder; `toPath` gives the absolute path of a relative one. Archives
 * are not packed unless the address says `?compression=zstd`: weights hardly become smaller, and what Nix does by default
 * takes minutes for a model of 200 MB (measured: xz 303 s, zstd 1.6 s). Throws `usage`.
 */
export function readPushTarget(given: string, toPath: (path: string) => string): PushTarget {
  // An empty variable of a script must not become the working directory, or the root of the disk.
  if (/^(file:\/\/)?(\?|$)/i.test(given)) throw emptyCacheUrl();
  const hasScheme = /^[a-z][a-z0-9+-]*:\/\//i.test(given);
  const whole = hasScheme ? given : `file://${toPath(given)}`;
  const [base = '', query = ''] = whole.split(/\?(.*)/s, 2);
  const odd = /^file:/i.test(base) ? /[^\w./~+@=:,-]/.exec(base)?.[0] : undefined;
  if (odd !== undefined) throw pathNotAcceptedByNix(odd, shownAddress(base));
  const isCache = /^(file|https?|s3):/i.test(base);
  // The rest is for Nix, in the letters that it was written in.
  const settings = query.split('&').filter((setting) => setting !== '' && !setting.startsWith(SETTING));
  const asked =
    query
      .split('&')
      .findLast((setting) => setting.startsWith(SETTING))
      ?.slice(SETTING.length) ?? 'none';
  const shown = shownAddress(base);
  if (!isCache) return { address: whole, shown, compression: undefined };
  if (asked === 'none' || asked === 'zstd') {
    return { address: `${base}?${[...settings, SETTING + asked].join('&')}`, shown, compression: asked };
  }
  throw unsupportedCompression(shown, asked);
}
