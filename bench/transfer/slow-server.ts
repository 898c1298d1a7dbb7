import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

// A server of files and ranges in its own process, with slow connections: `slow-server.js FOLDER BYTES_PER_SECOND
// [MILLISECONDS before each answer]`. It sends `{"port"}` when it listens and `{"sent"}` with the body bytes sent so far.

const [folder = '', rate = '', wait = '0'] = process.argv.slice(2);
const BYTES_PER_SECOND = Number(rate);
const BLOCK = 64 * 1024;

/**
 * When each connection may send again. The bucket holds one block: bytes that a connection does not use while idle, or between
 * two requests, are lost, so that many short answers are as slow as a long one.
 */
const due = new WeakMap<Socket, number>();
const readAt = promisify(read);
let sent = 0;

async function takeTurn(socket: Socket, bytes: number): Promise<void> {
  const now = performance.now();
  const at = Math.max(due.get(socket) ?? 0, now);
  due.set(socket, at + (bytes / BYTES_PER_SECOND) * 1000);
  // Timers have a resolution of a millisecond; the next due times make up for a late one.
  if (at - now >= 1) await delay(at - now);
}

async function sendRange(response: ServerResponse, file: number, start: number, end: number): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  for (let at = start; at < end && !response.destroyed; at += BLOCK) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK, end - at));
    await readAt(file, block, 0, block.length, at);
    await takeTurn(socket, block.length);
    await new Promise<void>((done) => {
      response.once('close', done);
      response.write(block, () => {
        response.off('close', done);
        done();
      });
    });
    sent += block.length;
    process.send?.({ sent });
  }
  response.end();
}

const server = createServer((request, response) => {
  void answer(request.url ?? '/', request.headers.range, response);
});

async function answer(url: string, header: string | undefined, response: ServerResponse): Promise<void> {
  const file = openSync(join(folder, new URL(url, 'http://127.0.0.1').pathname), 'r');
  try {
    const { size } = fstatSync(file);
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
    const start = Number(first ?? 0);
    const end = last ? Math.min(size, Number(last) + 1) : size;
    await delay(Number(wait));
    response.writeHead(first === undefined ? 200 : 206, {
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'content-length': end - start,
      ...(first !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    });
    await sendRange(response, file, start, end);
  } finally {
    closeSync(file);
  }
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());
