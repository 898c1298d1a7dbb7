import { Access, type AccessKind } from './access.ts';
import { cdnAnswer, cdnSubject } from './cdn-site.ts';
import { Faults, type Fault, type FaultHandle } from './faults.ts';
import { hubAnswer, hubSubject, hubWhere } from './hub-site.ts';
import { Origin, type LoggedRequest } from './origin.ts';
import { RateLimits, type Limit } from './rate-limits.ts';
import { Repos, type HubFile, type PutFile } from './repos.ts';
import { SignedUrls } from './signed-urls.ts';
import type { World } from './world.ts';
import type { Certificate } from '../servers/certificate.ts';

/** What the hub knows of a file that was put there. The digests are computed when read. */
export interface PutResult {
  readonly size: number;
  readonly revision: string;
  readonly sha256: string;
  readonly gitSha1: string;
  /** The etag of the content server, without quotes. */
  readonly xetHash: string;
}

/** A model hub and its content server on two local ports, without faults by default. */
export class FakeHub implements World {
  /** Origin of the hub: what belongs into HF_ENDPOINT. */
  endpoint = '';
  /** Origin of the content server. */
  cdn = '';
  /** All requests of both origins, in the order of their arrival. */
  readonly requests: LoggedRequest[] = [];
  readonly repos = new Repos();
  readonly access = new Access();
  readonly signed = new SignedUrls();
  /** Body bytes a second of each connection to the content server. */
  bytesPerSecond = Infinity;
  /** Entries of a tree page; 1000, or 50 when expanded, unless set. */
  pageSize: number | undefined;
  /** The number of concurrent requests from which the content server answers 503 to another one. */
  maxCdnRequests = Infinity;
  /** Larger files are to be had in ranges only. */
  wholeGetLimit = 50e9;
  readonly #faults = new Faults<LoggedRequest>();
  readonly #limits = new RateLimits();
  #hub: Origin | undefined;
  #cdn: Origin | undefined;

  /** `tls`: the certificate of both origins, which answer over TLS then. */
  static async start(tls?: Certificate): Promise<FakeHub> {
    const fake = new FakeHub();
    const take = fake.#faults.take.bind(fake.#faults);
    fake.#hub = await Origin.start(
      {
        origin: 'hub',
        where: hubWhere,
        subject: hubSubject,
        take,
        answer: (request, effect) => hubAnswer(fake, fake.#limits, request, effect),
        bytesPerSecond: () => Infinity,
        tls,
      },
      fake.requests,
    );
    fake.#cdn = await Origin.start(
      {
        origin: 'cdn',
        where: () => 'cdn',
        subject: (url) => cdnSubject(fake, url),
        take,
        answer: (request, effect, active) => cdnAnswer(fake, request, effect, active),
        bytesPerSecond: () => fake.bytesPerSecond,
        tls,
      },
      fake.requests,
    );
    fake.endpoint = fake.#hub.url;
    fake.cdn = fake.#cdn.url;
    return fake;
  }

  put(file: PutFile): PutResult {
    return resultOf(this.repos.put(file));
  }

  /** Points a branch, a tag or a `refs/pr/1` at a revision. */
  branch(repo: string, name: string, revision: string): void {
    this.repos.point(repo, name, revision);
  }

  /** The old name redirects to the new one from now on. */
  rename(from: string, to: string): void {
    this.repos.rename(from, to);
  }

  inject(fault: Fault): FaultHandle<LoggedRequest> {
    return this.#faults.inject(fault);
  }

  /** The requests that carried credentials to the content server. */
  get leaks(): LoggedRequest[] {
    const leaked = ({ origin, headers }: LoggedRequest): boolean =>
      origin === 'cdn' && (headers.authorization !== undefined || headers.cookie !== undefined);
    return this.requests.filter(leaked);
  }

  requireToken(repo: string, token: string, kind: AccessKind): void {
    this.access.require(repo, token, kind);
  }

  rateLimit(limit: Limit): void {
    this.#limits.set(limit);
  }

  signedUrls({ ttlSeconds }: { ttlSeconds: number }): void {
    this.signed.ttlSeconds = ttlSeconds;
  }

  /** Lets all URLs that were signed so far expire. */
  expireUrls(): void {
    this.signed.expireAll();
  }

  /** Open connections to each origin. */
  get connections(): { hub: number; cdn: number } {
    return { hub: this.#hub?.connections ?? 0, cdn: this.#cdn?.connections ?? 0 };
  }

  /** Ends at once, whatever is under way. May be called twice. */
  async close(): Promise<void> {
    await Promise.all([this.#hub?.close(), this.#cdn?.close()]);
  }
}

function resultOf({ blob, revision }: HubFile): PutResult {
  return {
    size: blob.source.size,
    revision,
    get sha256() {
      return blob.sha256();
    },
    get gitSha1() {
      return blob.gitSha1();
    },
    get xetHash() {
      return blob.xetHash();
    },
  };
}
