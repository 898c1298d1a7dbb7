/** What a fault does to the answers it takes. Several may be combined where that makes sense. */
export interface FaultEffect {
  /** Answers with this status, with the body and headers of the hub or the content server. */
  status?: number;
  errorCode?: string;
  message?: string;
  body?: string;
  retryAfter?: string | number;
  /** For 429: the `t` of the RateLimit header, in seconds (default 1). */
  resetSeconds?: number;
  /** RST after this many body bytes. */
  reset?: number;
  /** FIN after this many body bytes, whatever Content-Length promised. */
  end?: number;
  /** No more bytes after this many, and the socket stays open. */
  stall?: number;
  /** A clean body of this many bytes without Content-Length, ended by closing. */
  short?: number;
  /** A clean body of this many bytes, with a Content-Length that says so. */
  shortLength?: number;
  /** This many bytes too many, without Content-Length. */
  long?: number;
  /** Flips the lowest bit of the byte at this offset of the file. */
  flip?: number;
  /** A page with status 200 in place of the answer, as captive portals do. */
  html?: string;
  /** The content type of that page. */
  htmlAs?: string;
  ignoreRange?: boolean;
  okWithContentRange?: boolean;
  contentRange?: string;
  gzip?: boolean;
  dropHeaders?: readonly string[];
  setHeaders?: Readonly<Record<string, string>>;
  location?: string;
  loop?: boolean;
  /** Closes the socket before any answer. */
  refuse?: boolean;
  /** The answer waits until this promise settles. */
  slowHeaders?: Promise<unknown>;
  bytesPerSecond?: number;
  /** With `bytesPerSecond`: the first bytes come at full speed, only the tail trickles. */
  trickleAfter?: number;
  /** Other bytes under another etag. */
  replace?: Buffer;
  /** The hub itself answers 200 with the body, without a redirect. */
  direct?: boolean;
  /** Called when a request is taken, before it is answered: for moving a branch between two requests. */
  act?: () => void;
}

export type Where = 'resolve' | 'cdn' | 'api';

export interface Fault extends FaultEffect {
  where: Where;
  /** A part of the decoded URL, or of `repo/path`. */
  match?: string;
  method?: 'GET' | 'HEAD' | 'POST';
  /** The number of requests that it affects, 1 by default; may be Infinity. */
  times?: number;
  /** How many matching requests it lets pass first. */
  passes?: number;
}

export interface FaultHandle<Entry> {
  remove(): void;
  /** The first request that was taken, before it is answered. */
  readonly taken: Promise<Entry>;
  /** The same, after its last byte was sent, or after it was cut or stalled. */
  readonly done: Promise<Entry>;
}

export interface Taken<Entry> {
  readonly effect: FaultEffect;
  tellTaken(entry: Entry): void;
  tellDone(entry: Entry): void;
}

interface Armed<Entry> {
  readonly fault: Fault;
  passes: number;
  left: number;
  readonly taken: Deferred<Entry>;
  readonly done: Deferred<Entry>;
}

/**
 * The faults that wait for requests. All the lasting ones (`times: Infinity`) act on every match; of the counted
 * ones the oldest acts, on top of them, so that a list of single faults reads as a script.
 */
export class Faults<Entry> {
  readonly #armed = new Set<Armed<Entry>>();

  inject(fault: Fault): FaultHandle<Entry> {
    const armed: Armed<Entry> = {
      fault,
      passes: fault.passes ?? 0,
      left: fault.times ?? 1,
      taken: deferred<Entry>(),
      done: deferred<Entry>(),
    };
    this.#armed.add(armed);
    return {
      remove: () => void this.#armed.delete(armed),
      taken: armed.taken.promise,
      done: armed.done.promise,
    };
  }

  take(where: Where, method: string, subject: string): Taken<Entry> {
    const ready = [...this.#armed].filter(
      ({ fault }) =>
        fault.where === where && (fault.method ?? method) === method && subject.includes(fault.match ?? ''),
    );
    const due = ready.filter((armed) => armed.passes-- <= 0);
    const lasting = due.filter((armed) => armed.left === Infinity);
    const counted = due.filter((armed) => armed.left !== Infinity).slice(0, 1);
    for (const armed of counted) if (--armed.left <= 0) this.#armed.delete(armed);
    const acting = [...lasting, ...counted];
    return {
      effect: Object.assign({}, ...acting.map(({ fault }) => fault)) as FaultEffect,
      tellTaken: (entry) => {
        for (const armed of acting) armed.taken.resolve(entry);
        for (const armed of acting) armed.fault.act?.();
      },
      tellDone: (entry) => {
        for (const armed of acting) armed.done.resolve(entry);
      },
    };
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
