import { aria2, aria2Files, curl, curlAndHash, curlLoop, wget } from './clients.ts';
import { comparison, type Scenario } from './compare.ts';
import { INSIDE, lossy } from './lossy.ts';
import { memory } from './memory.ts';
import { resume } from './resume.ts';
import { CAP, MIB } from './samples.ts';
import { fastServer, slowServer } from './servers.ts';

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  loopback: comparison({
    what: '1 GiB over loopback',
    sizes: [1024 * MIB],
    server: (folder) => fastServer(folder),
    others: [curl, curlAndHash, aria2, wget],
  }),
  capped: comparison({
    what: '256 MiB, each connection capped at 20 MB/s',
    sizes: [256 * MIB],
    server: (folder) => slowServer(folder, CAP),
    others: [aria2, curl],
  }),
  // A server that starts each answer with a burst, so that small ranges look fast.
  'capped-nginx': comparison({
    what: '256 MiB, `limit_rate 20m` of nginx',
    sizes: [256 * MIB],
    server: (folder) => fastServer(folder, 'limit_rate 20m;'),
    others: [aria2, curl],
  }),
  // The cost of small ranges where each request waits.
  distant: comparison({
    what: '256 MiB, 20 MB/s a connection, each answer 100 ms late',
    sizes: [256 * MIB],
    server: (folder) => slowServer(folder, CAP, 100),
    others: [aria2, curl],
  }),
  lossy,
  many: comparison({
    what: '40 files of 2 MB over loopback',
    sizes: Array.from({ length: 40 }, () => 2e6),
    server: (folder) => fastServer(folder),
    others: [aria2Files, curlLoop],
  }),
  resume,
  memory,
};

/** Only started by `lossy`. */
export const HIDDEN: Readonly<Record<string, Scenario>> = {
  [INSIDE]: comparison({
    what: '64 MiB, 50 ms and 1 % loss',
    sizes: [64 * MIB],
    server: (folder) => fastServer(folder),
    others: [aria2, curl],
  }),
};
