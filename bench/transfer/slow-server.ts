import { closeSync, fstatSync, openSync, read } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

// A server of files and ranges, in a process of its own, whose connections are slow: `slow-server.js FOLDER BYTES_PER_SECOND
// [MILLISECONDS before each answer]`. It says `{"port"}` when it listens and `{"sent"}` as body bytes go out.

const [folder = '', rate = '', wait = '0'] = process.argv.slice(2);
const BYTES_PER_SECOND = Number(rate);
const PIECE = 64 * 1024;

/**
 * When the connection may send again. A bucket as deep as one piece: what a connection did not use while idle, or between
 * two requests, is lost, so that many short answers on it are no faster than a long one.
 */
const due = new WeakMap<Socket, number>();
const readAt = promisify(read);
let sent = 0;

async function takeTurn(socket: Socket, bytes: number): Promise<void> {
  const now = performance.now();
  const at = Math.max(due.get(socket) ?? 0, now);
  due.set(socket, at + (bytes / BYTES_PER_SECOND) * 1000);
  // Timers are a millisecond coarse; what one is late, the due times that follow make up.
  if (at - now >= 1) await delay(at - now);
}

async function sendRange(response: ServerResponse, file: number, start: number, end: number): Promise<void> {
  const { socket } = response;
  if (socket === null) return;
  for (let at = start; at < end && !response.destroyed; at += PIECE) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, end - at));
    await readAt(file, piece, 0, piece.length, at);
    await takeTurn(socket, piece.length);
    await new Promise<void>((done) => {
      response.once('close', done);
      response.write(piece, () => {
        response.off('close', done);
        done();
      });
    });
    sent += piece.length;
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
