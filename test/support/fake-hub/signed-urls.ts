import { createHmac, randomBytes } from 'node:crypto';

/** Signs the URLs of the content server, and checks those of requests. */
export class SignedUrls {
  /** The lifetime of a URL; with zero or less it has expired from the beginning. */
  ttlSeconds = 3600;
  readonly #key = randomBytes(32);
  #serial = 0;
  #validFrom = 0;

  /** Lets all URLs that were signed so far expire. */
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

  /** As long as an RSA signature, so that URLs have the real length of a kilobyte. */
  #signature(path: string, expires: string, policy: string): string {
    const parts = [0, 1, 2, 3].map((part) =>
      createHmac('sha512', this.#key).update(`${part} ${path} ${expires} ${policy}`).digest(),
    );
    return Buffer.concat(parts).toString('base64url');
  }
}
