import type * as bytes from '../../../src/core/messages/bytes.ts';
import type * as cache from '../../../src/core/messages/cache.ts';
import type * as hub from '../../../src/core/messages/hub.ts';
import type * as network from '../../../src/core/messages/network.ts';
import type * as transfers from '../../../src/core/messages/transfers.ts';
import { WhisperError } from '../../../src/core/errors.ts';
import { CAUSE, FILE, HOSTILE, PATH, SHA256, type Examples } from './examples.ts';

const REFUSAL = {
  file: FILE,
  repo: 'ggerganov/whisper.cpp',
  revision: '5359861c739e955e79d9a303bcbc70fb988958b1',
  status: 418,
  hub: 'https://huggingface.co',
  said: HOSTILE,
};
const SILENT = { ...REFUSAL, said: '' };
const NOT_FOUND = new WhisperError('hub-not-found', 'base was not found', 'Check HF_ENDPOINT.', {
  details: { file: FILE },
});

export const HUB: Examples<typeof hub> = {
  gated: [[REFUSAL], [SILENT]],
  notOnHub: [
    [REFUSAL, 'file'],
    [REFUSAL, 'repository'],
    [REFUSAL, 'revision'],
  ],
  notOnHubBut: [[NOT_FOUND, [HOSTILE, 'ggml-base.bin']]],
  tokenRefused: [[REFUSAL], [SILENT]],
  tokenWanted: [[REFUSAL], [SILENT]],
  rateLimited: [
    [REFUSAL, undefined],
    [REFUSAL, '2026-01-01T00:00:00.000Z'],
  ],
  hubOutOfOrder: [[REFUSAL], [SILENT]],
  hubRefused: [[REFUSAL], [SILENT]],
  noSuchPart: [[]],
  otherPart: [[]],
  redirectsInCircles: [['https://huggingface.co/base', 10]],
  impossibleSize: [['99999999999999999999'], ['-5']],
  sizeUntold: [[FILE]],
  bytesUntold: [[FILE, 'owner/name', 'main']],
};

const ONE = { size: 4711, sha256: SHA256.one };

export const BYTES: Examples<typeof bytes> = {
  wrongFile: [[FILE, HOSTILE]],
  wrongBytes: [
    [FILE, ONE, { size: 4712 }],
    [FILE, ONE, {}],
    [FILE, ONE, { ...ONE, sha256: SHA256.other }],
  ],
  stalePin: [
    [FILE, 'catalogue', ONE, { size: 4712 }],
    [FILE, 'lock file', ONE, { sha256: SHA256.other }],
    [FILE, 'hub', ONE, { size: 4712 }],
  ],
  interceptedByPage: [[FILE, HOSTILE]],
  interceptedByEncoding: [[FILE, HOSTILE]],
  noHub: [['https://mirror.example', FILE]],
};

const HUB_ASKED = { server: 'hub', url: 'https://huggingface.co', proxy: undefined, cause: CAUSE } as const;
const CACHE_ASKED = { ...HUB_ASKED, server: 'cache', url: 'https://cache.example' } as const;
const PROXY = 'http://proxy.example:3128';

export const NETWORK: Examples<typeof network> = {
  unreachable: [
    [HUB_ASKED, 'ECONNREFUSED', false],
    [HUB_ASKED, 'CERT_HAS_EXPIRED', true],
    [{ ...HUB_ASKED, proxy: PROXY }, HOSTILE, false],
    [CACHE_ASKED, 'ENOTFOUND', false],
  ],
  proxyWantsName: [
    [{ ...HUB_ASKED, proxy: PROXY }, false],
    [{ ...CACHE_ASKED, proxy: PROXY }, true],
  ],
  proxyRefused: [[{ ...HUB_ASKED, proxy: PROXY }, 502]],
  triedInVain: [[NOT_FOUND, 3]],
  redirectedAstray: [
    [undefined, 'hub'],
    ['ftp://cache.example', 'cache'],
  ],
};

const WANTED = { cache: 'https://cache.example', file: FILE, sha256: SHA256.one };

export const CACHE: Examples<typeof cache> = {
  badNarInfo: [[WANTED, HOSTILE]],
  badArchive: [[{ ...WANTED, sha256: undefined }, HOSTILE]],
  packedOtherwise: [[FILE, 'its archive is packed with xz']],
  packedTooWide: [[FILE]],
  noCache: [['https://cache.example']],
  noCacheInfo: [['https://cache.example']],
  cacheRefused: [
    ['https://cache.example', { kind: 'page' }],
    ['https://cache.example', { kind: 'long' }],
    ['https://cache.example', { kind: 'circles' }],
    ['https://cache.example', { kind: 'status', path: '/nar/x', status: 404 }],
    ['https://cache.example', { kind: 'status', path: '/nar/x', status: 403 }],
    ['https://cache.example', { kind: 'status', path: '/nar/x', status: 503 }],
    ['https://cache.example', { kind: 'encoded', path: '/nar/x', encoding: HOSTILE }],
  ],
  unreadableInCache: [[PATH, 'EIO', CAUSE]],
  notPushed: [
    ['no-space', PATH, HOSTILE],
    ['no-permission', 'the store of Nix', 'it is read-only'],
    ['push-failed', 's3://models', 'it says nothing'],
  ],
};

export const TRANSFERS: Examples<typeof transfers> = {
  downloadCancelled: [
    [FILE, true],
    [FILE, false],
  ],
  arrivedAllTheSame: [[[FILE, 'ggml-tiny.bin']]],
  firstSeen: [[FILE]],
  otherBefore: [[FILE]],
  changedOnHub: [[FILE]],
  wrongBytesOnce: [[FILE]],
  lostOnDisk: [
    [FILE, 'bytes 0 to 4194303'],
    [FILE, undefined],
  ],
  tryingAgain: [['Cannot reach https://huggingface.co: the connection was refused', 1500]],
  tokenLeftOut: [[]],
  commitUntold: [[]],
  cacheLeftOut: [[HOSTILE, 'it is no address']],
  withoutCache: [[`${HOSTILE} answers with a web page`, 'https://cache.example']],
};
