import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Answer } from './answer.ts';
import { CHUNK, chunksOf, type Source } from './content.ts';
import type { FaultEffect } from './faults.ts';

export interface Sending {
  readonly response: ServerResponse;
  readonly answer: Answer;
  readonly effect: FaultEffect;
  readonly head: boolean;
  readonly bytesPerSecond: number;
  /** Aborted when the connection is closed. */
  readonly gone: AbortSignal;
  readonly count: (bytes: number) => void;
}

/** Sends an answer through its faults. Resolves when it has ended, was cut, has stalled, or the connection is closed. */
export async function send(sending: Sending): Promise<void> {
  const { response, effect, gone } = sending;
  writeHead(sending);
  let left = cutAt(effect);
  const throttle = throttleOf(sending);
  for await (const chunk of bodyOf(sending)) {
    const part = chunk.subarray(0, left);
    if (part.length > 0) {
      await throttle(part.length);
      if (gone.aborted) return;
      const flushed = written(sending, part);
      sending.count(part.length);
      await flushed;
    }
    left -= part.length;
    if (left <= 0 || gone.aborted) break;
  }
  if (gone.aborted) return;
  if (effect.reset === undefined && effect.end === undefined && effect.stall === undefined) {
    await orGone(gone, (done) => response.end(done));
    return;
  }
  response.flushHeaders();
  const { socket } = response;
  if (socket === null) return;
  await orGone(gone, (done) => socket.write('', () => done()));
  if (effect.reset !== undefined) breakOff(socket);
  else if (effect.end !== undefined) socket.destroySoon();
}

/** Node sends an RST on a TCP socket only, not on the one below a TLS connection. */
function breakOff(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function writeHead({ response, answer, effect }: Sending): void {
  const { body, status } = answer;
  const headers: Record<string, string> = { ...answer.headers };
  const gzip = isGzip(answer, effect);
  const unmeasured = effect.short !== undefined || effect.long !== undefined;
  if (gzip) headers['content-encoding'] = 'gzip';
  if (!gzip && !unmeasured && status !== 304) {
    const length = body.end - body.start;
    headers['content-length'] = String(Math.min(length, effect.shortLength ?? length));
  }
  for (const [name, value] of Object.entries(effect.setHeaders ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  for (const name of effect.dropHeaders ?? []) delete headers[name.toLowerCase()];
  if (unmeasured) {
    // Without chunks and without a length, the end of the connection is the end of the body.
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
  }
  response.writeHead(status, headers);
}

function isGzip(answer: Answer, effect: FaultEffect): boolean {
  return (answer.gzip ?? false) || (effect.gzip ?? false);
}

function cutAt({ short, shortLength, reset, end, stall }: FaultEffect): number {
  const cuts = [short, shortLength, reset, end, stall].filter((cut) => cut !== undefined);
  return Math.min(Infinity, ...cuts);
}

function bodyOf(sending: Sending): Iterable<Buffer> | AsyncIterable<Buffer> {
  const { answer, effect, head } = sending;
  if (head || answer.status === 304) return [];
  if (!isGzip(answer, effect)) return plainBody(sending, true);
  return Readable.from(plainBody(sending, false)).pipe(createGzip({ level: 1 }));
}

function* plainBody({ answer, effect, bytesPerSecond }: Sending, reuse: boolean): Generator<Buffer> {
  const { start, end } = answer.body;
  const source = effect.flip === undefined ? answer.body.source : flipped(answer.body.source, effect.flip);
  // Slow bodies are sent in small chunks, fifty a second, to avoid bursts.
  const length = Math.max(1, Math.min(CHUNK, Math.ceil(bytesPerSecond / 50)));
  yield* chunksOf(source, start, end, { length, reuse });
  if (effect.long !== undefined) yield Buffer.alloc(effect.long, 'x');
}

function flipped(source: Source, offset: number): Source {
  return {
    size: source.size,
    read(start, end, scratch) {
      const bytes = source.read(start, end, scratch);
      if (offset < start || offset >= start + bytes.length) return bytes;
      // A copy, since the bytes may be those that the test put here.
      const copy = Buffer.from(bytes);
      copy[offset - start] = (copy[offset - start] ?? 0) ^ 1;
      return copy;
    },
  };
}

/** Waits until the next bytes are due. Nothing is sent ahead, so that many short answers are as slow as one long. */
function throttleOf({ bytesPerSecond, effect, gone }: Sending): (bytes: number) => Promise<void> {
  if (bytesPerSecond === Infinity) return async () => {};
  let clock: number | undefined;
  let owed = -(effect.trickleAfter ?? 0);
  return async (bytes) => {
    owed += bytes;
    if (owed <= 0) return;
    clock ??= performance.now();
    const wait = clock + (owed / bytesPerSecond) * 1000 - performance.now();
    // This wait only fails when the connection is closed, which the caller checks.
    if (wait >= 1) await delay(wait, undefined, { signal: gone }).catch(() => {});
  };
}

/** Resolves when the system has taken the bytes: backpressure, and leave to overwrite the buffer, in one. */
function written({ response, gone }: Sending, bytes: Buffer): Promise<void> {
  return orGone(gone, (done) => response.write(bytes, () => done()));
}

export function orGone(gone: AbortSignal, start: (done: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    if (gone.aborted) return resolve();
    const done = (): void => {
      gone.removeEventListener('abort', done);
      resolve();
    };
    gone.addEventListener('abort', done);
    start(done);
  });
}
