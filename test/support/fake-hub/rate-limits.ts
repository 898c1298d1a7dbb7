import type { Headers } from './answer.ts';

export type Bucket = 'resolvers' | 'api' | 'pages';

export interface Limit {
  readonly bucket: Bucket;
  readonly quota: number;
  readonly windowSeconds: number;
}

/** Counts requests in fixed windows, as the hub does for each IP address or account. */
export class RateLimits {
  readonly #windows = new Map<Bucket, { limit: Limit; used: number; resetsAt: number }>();

  constructor() {
    this.set({ bucket: 'resolvers', quota: 3000, windowSeconds: 300 });
    this.set({ bucket: 'api', quota: 500, windowSeconds: 300 });
    this.set({ bucket: 'pages', quota: 100, windowSeconds: 300 });
  }

  set(limit: Limit): void {
    this.#windows.set(limit.bucket, { limit, used: 0, resetsAt: 0 });
  }

  /** Counts one request. The headers belong on its answer, whatever that is. */
  spend(bucket: Bucket): { exceeded: boolean; headers: Headers } {
    const window = this.#windows.get(bucket);
    if (window === undefined) return { exceeded: false, headers: {} };
    const { limit } = window;
    const now = Date.now();
    if (now >= window.resetsAt) {
      window.used = 0;
      window.resetsAt = now + limit.windowSeconds * 1000;
    }
    window.used++;
    const left = Math.max(0, limit.quota - window.used);
    const seconds = Math.ceil((window.resetsAt - now) / 1000);
    return {
      exceeded: window.used > limit.quota,
      headers: {
        ratelimit: rateLimitHeader(bucket, left, seconds),
        'ratelimit-policy': `"fixed window";"${bucket}";q=${limit.quota};w=${limit.windowSeconds}`,
      },
    };
  }
}

export function rateLimitHeader(bucket: Bucket, left: number, seconds: number): string {
  return `"${bucket}";r=${left};t=${seconds}`;
}
