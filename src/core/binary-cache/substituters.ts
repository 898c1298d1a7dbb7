import { printable } from '../models/name.ts';

/** Binary caches to ask before the hub, in the order in which they are asked. */
export interface Substituters {
  readonly caches: readonly URL[];
  /** What is named and cannot be asked from here, with the reason. */
  readonly ignored: readonly { readonly address: string; readonly reason: string }[];
}

/**
 * Reads addresses as Nix has them: `https://cache.example.org`, `file:///srv/cache`, a folder by its absolute path, each
 * perhaps with settings behind a question mark, which are for Nix alone.
 */
export function readSubstituters(addresses: readonly string[]): Substituters {
  const caches = new Map<string, URL>();
  const ignored: { address: string; reason: string }[] = [];
  for (const address of addresses) {
    const given = address.startsWith('/') ? `file://${address}` : address;
    const url = URL.canParse(given) ? new URL(given) : undefined;
    if (url && /^(https?|file):$/.test(url.protocol) && (url.protocol !== 'file:' || url.hostname === '')) {
      url.search = '';
      url.hash = '';
      url.pathname = url.pathname.replace(/\/*$/, '/');
      caches.set(url.href, url);
    } else {
      const reason = url ? 'only http, https and file are read' : 'it is no address';
      ignored.push({ address: shownAddress(address), reason });
    }
  }
  return { caches: [...caches.values()], ignored };
}

/** An address for people and records, or a text with addresses: without names and passwords. */
export function shownAddress(address: string | URL): string {
  return printable(String(address).replaceAll(/\b([a-z][a-z0-9+]*:\/\/)[^/@\s]*@/gi, '$1'));
}
