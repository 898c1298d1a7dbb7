import { WhisperError } from '../../../src/core/errors.ts';
import type * as bytes from '../../../src/core/messages/transfer/bytes.ts';
import type * as cache from '../../../src/core/messages/transfer/cache.ts';
import type * as hub from '../../../src/core/messages/transfer/hub.ts';
import type * as network from '../../../src/core/messages/transfer/network.ts';
import type * as web from '../../../src/core/messages/transfer/web.ts';
import { CAUSE, type Examples, FILE, HOSTILE, PATH, SHA256 } from './examples.ts';

const REFUSAL = {
  file: FILE,
  repo: 'ggerganov/whisper.cpp',
  revision: '5359861c739e955e79d9a303bcbc70fb988958b1',
  status: 418,
  hub: 'https://huggingface.co',
  said: HOSTILE,
};
const SILENT = { ...REFUSAL, said: '' };
const NOT_FOUND = new WhisperError('hub-not-found', 'base was not found', 'Check HF_ENDPOINT', {
  details: { file: FILE },
});

export const HUB: Examples<typeof hub> = {
  gatedRepository: [[REFUSAL], [SILENT]],
  notOnHub: [
    [REFUSAL, 'file'],
    [REFUSAL, 'repository'],
    [REFUSAL, 'revision'],
  ],
  notOnHubWithSuggestions: [[NOT_FOUND, [HOSTILE, 'ggml-base.bin']]],
  tokenRejected: [[REFUSAL], [SILENT]],
  tokenRequired: [[REFUSAL], [SILENT]],
  rateLimited: [
    [REFUSAL, undefined],
    [REFUSAL, '2026-01-01T00:00:00.000Z'],
  ],
  hubUnavailable: [[REFUSAL], [SILENT]],
  hubRefused: [[REFUSAL], [SILENT]],
  rangeNotSatisfiable: [[]],
  wrongRange: [[]],
  impossibleSize: [['99999999999999999999'], ['-5']],
  sizeUnknown: [[FILE]],
  hashUnknown: [[FILE, 'owner/name at main']],
};

const FAILED = new WhisperError('file-unreadable', '/tape is not there', 'Check the path', {
  details: { path: '/tape' },
});
const ONE = { size: 4711, sha256: SHA256.one };
const ON_HUB = { file: FILE };
const ON_WEB = { file: FILE, url: 'https://models.example/ggml-base.en-q5_1.bin' };

export const BYTES: Examples<typeof bytes> = {
  notAModel: [
    [ON_HUB, HOSTILE],
    [ON_WEB, HOSTILE],
  ],
  contentMismatch: [
    [ON_HUB, ONE, { size: 4712 }],
    [ON_WEB, ONE, {}],
    [ON_WEB, ONE, { ...ONE, sha256: SHA256.other }],
  ],
  stalePin: [
    [FILE, 'catalogue', ONE, { size: 4712 }],
    [FILE, 'lock file', ONE, { sha256: SHA256.other }],
    [FILE, 'hub', ONE, { size: 4712 }],
  ],
  interceptedByPage: [
    [ON_HUB, HOSTILE],
    [ON_WEB, HOSTILE],
  ],
  interceptedByEncoding: [
    [ON_HUB, HOSTILE],
    [ON_WEB, HOSTILE],
  ],
  notAHub: [['https://mirror.example', FILE]],
  unreadableFile: [
    [PATH, 'ENOENT', CAUSE],
    ['/tape', 'EACCES', CAUSE],
    ['/tape', 'EIO', CAUSE],
  ],
  notARegularFile: [
    [PATH, true],
    ['/tape', false],
  ],
  unreadableFiles: [
    [FAILED, [], []],
    [FAILED, [FAILED], [{ path: '/models/ggml-tiny.bin' }]],
  ],
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
  proxyNeedsCredentials: [
    [{ ...HUB_ASKED, proxy: PROXY }, false],
    [{ ...CACHE_ASKED, proxy: PROXY }, true],
  ],
  proxyRefused: [[{ ...HUB_ASKED, proxy: PROXY }, 502]],
  retriesExhausted: [[NOT_FOUND, 3]],
  tooManyRedirects: [
    ['https://huggingface.co/base', 10, 'hub'],
    ['https://models.example/base', 10, 'web'],
  ],
  unsupportedRedirect: [
    [undefined, 'hub'],
    ['ftp://cache.example', 'cache'],
  ],
  downloadCancelled: [
    [FILE, true],
    [FILE, false],
  ],
  downloadedDespiteFailure: [[[FILE, 'ggml-tiny.bin']]],
  hashFirstSeen: [[FILE]],
  partialOfAnotherFile: [[FILE]],
  changedOnServer: [[FILE]],
  keepsChanging: [[FILE, 5]],
  retryingWrongBytes: [[FILE]],
  partialDamaged: [
    [FILE, 'bytes 0 to 4194303'],
    [FILE, undefined],
  ],
  retrying: [['Cannot reach https://huggingface.co: the connection was refused', 1500]],
  retryingWithoutToken: [[]],
  commitUnknown: [[]],
  cacheSkipped: [[HOSTILE, 'it is not a valid URL']],
  continuingWithoutCache: [[`${HOSTILE} answered with a web page`, 'https://cache.example']],
};

const WANTED = { cache: 'https://cache.example', file: FILE, sha256: SHA256.one };

export const CACHE: Examples<typeof cache> = {
  invalidNarInfo: [[WANTED, HOSTILE]],
  archiveMismatch: [[{ ...WANTED, sha256: undefined }, HOSTILE]],
  unsupportedArchive: [[FILE, 'its archive is packed with xz']],
  archiveNeedsTooMuchMemory: [[FILE]],
  notACache: [['https://cache.example']],
  missingCacheInfo: [['https://cache.example']],
  cacheFailed: [
    ['https://cache.example', { kind: 'page' }],
    ['https://cache.example', { kind: 'long' }],
    ['https://cache.example', { kind: 'circles' }],
    ['https://cache.example', { kind: 'status', path: '/nar/x', status: 404 }],
    ['https://cache.example', { kind: 'status', path: '/nar/x', status: 403 }],
    ['https://cache.example', { kind: 'status', path: '/nar/x', status: 503 }],
    ['https://cache.example', { kind: 'encoded', path: '/nar/x', encoding: HOSTILE }],
  ],
  unreadableCacheFile: [[PATH, 'EIO', CAUSE]],
  pushFailed: [
    ['no-space', PATH, HOSTILE],
    ['no-permission', 'the Nix store', 'it is read-only'],
    ['push-failed', 's3://models', 'no output'],
  ],
};

const WEB_REFUSAL = { file: FILE, url: 'https://models.example/a/ggml-base.en-q5_1.bin', status: 418, said: HOSTILE };
const WEB_SILENT = { ...WEB_REFUSAL, status: 503, said: '' };

export const WEB: Examples<typeof web> = {
  notOnServer: [[WEB_REFUSAL], [WEB_SILENT]],
  serverNeedsLogin: [[WEB_REFUSAL], [WEB_SILENT]],
  serverRefused: [[WEB_REFUSAL], [WEB_SILENT]],
  serverUnavailable: [[WEB_REFUSAL], [WEB_SILENT]],
  serverLimitsRate: [
    [WEB_REFUSAL, undefined],
    [WEB_REFUSAL, '2026-01-01T00:00:00.000Z'],
  ],
  privateAddress: [['https://models.example', '10.0.0.1']],
  webHashUnknown: [[FILE, 'https://models.example/ggml-x.bin']],
  httpWithoutHash: [['http://models.example/ggml-x.bin']],
};
