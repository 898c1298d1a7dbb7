import { parentPort, workerData } from 'node:worker_threads';
import type { Piece } from '../../core/state/journal.ts';
import { PrefixHash } from './prefix-hash.ts';
import type { HashReport, HashRequest } from './running-hash.ts';

// A thread of its own for the sha256 of a large file: it follows the bytes that arrive, and ends with the download.

const { path, claims } = workerData as { readonly path: string; readonly claims: readonly Piece[] };
const hash = new PrefixHash(path, claims);
let epoch = 0;

parentPort?.on('message', (request: HashRequest) => {
  // What was said before a bad piece was found is not true any more.
  if (request.epoch !== epoch) return;
  const bad = hash.advance(request.to);
  if (bad) epoch += 1;
  const report: HashReport = bad ? { bad } : request.isEnd ? { sha256: hash.digest() } : {};
  parentPort?.postMessage(report);
});
