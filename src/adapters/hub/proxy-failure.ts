import type { Proxy } from './proxies.ts';

/** A request that did not get past the proxy. It has no code of its own: that of `cause`, if any, says what happened. */
export class ProxyFailure extends Error {
  readonly proxy: Proxy;
  /** What the proxy answered; `undefined`: nothing. */
  readonly status: number | undefined;

  constructor(proxy: Proxy, status: number | undefined, cause?: unknown) {
    super('the request did not get past the proxy', { cause });
    this.proxy = proxy;
    this.status = status;
  }
}
