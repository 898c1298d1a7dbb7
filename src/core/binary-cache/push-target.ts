import { pathNotAcceptedByNix, emptyCacheUrl, unsupportedCompression } from '../messages/environment.ts';
import { shownAddress } from './substituters.ts';

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
