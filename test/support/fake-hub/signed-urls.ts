import { createHmac, randomBytes } from 'node:crypto';

/** Signs the addresses of the content server, and says what is wrong with one that comes back. */
export class SignedUrls {
  /** How long an address lives. Zero and less make one that has expired at birth. */
  ttlSeconds = 3600;
  readonly #key = randomBytes(32);
  #serial = 0;
  #validFrom = 0;

  /** Ends the life of all addresses handed out so far, without anyone having to wait for it. */
  expireAll(): void {
    this.#validFrom = this.#serial;
  }

  sign(origin: string, path: string, disposition: string): string {
    const expires = Math.floor(Date.now() / 1000) + this.ttlSeconds;
    const policy = Buffer.from(
      JSON.stringify({
        Statement: [
          {
            Resource: `${origin}${path}*`,
            Condition: { DateLessThan: { 'AWS:EpochTime': expires } },
            Serial: this.#serial++,
          },
        ],
      }),
    ).toString('base64url');
    const url = new URL(path, origin);
    url.searchParams.set('X-Xet-Cas-Uid', 'public');
    url.searchParams.set('response-content-disposition', disposition);
    url.searchParams.set('Expires', String(expires));
    url.searchParams.set('Policy', policy);
    url.searchParams.set('Signature', this.#signature(path, String(expires), policy));
    url.searchParams.set('Key-Pair-Id', 'K2L8F4GPSG1IFC');
    return url.href;
  }

  fault(url: URL): 'missing' | 'invalid' | 'expired' | undefined {
    const expires = url.searchParams.get('Expires');
    const policy = url.searchParams.get('Policy');
    const signature = url.searchParams.get('Signature');
    if (expires === null || policy === null || signature === null) return 'missing';
    if (signature !== this.#signature(url.pathname, expires, policy)) return 'invalid';
    const serial = /"Serial":(\d+)/.exec(Buffer.from(policy, 'base64url').toString())?.[1];
    const expired = Date.now() / 1000 >= Number(expires) || Number(serial) < this.#validFrom;
    return expired ? 'expired' : undefined;
  }

  /** As long as an RSA signature, since that is what makes the real addresses a kilobyte long. */
  #signature(path: string, expires: string, policy: string): string {
    const parts = [0, 1, 2, 3].map((part) =>
      createHmac('sha512', this.#key).update(`${part} ${path} ${expires} ${policy}`).digest(),
    );
    return Buffer.concat(parts).toString('base64url');
  }
}
