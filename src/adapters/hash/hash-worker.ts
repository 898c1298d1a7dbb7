import { parentPort, workerData } from 'node:worker_threads';
import type { Piece } from '../../core/state/journal.ts';
import { PrefixHash } from './prefix-hash.ts';
import type { HashReport, HashRequest } from './running-hash.ts';

// The thread that hashes a large file as its bytes arrive. It ends with the download.

const { path, claims } = workerData as { readonly path: string; readonly claims: readonly Piece[] };
const hash = new PrefixHash(path, claims);
let epoch = 0;

parentPort?.on('message', (request: HashRequest) => {
  // Requests from before a damaged piece was found do not count any more.
  if (request.epoch !== epoch) return;
  const bad = hash.advance(request.to);
  if (bad) epoch += 1;
  const report: HashReport = bad ? { bad } : request.isEnd ? { sha256: hash.digest() } : {};
  parentPort?.postMessage(report);
});
