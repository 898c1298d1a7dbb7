import { storeError, type Answer, type Seen } from './answer.ts';
import { blobOf } from './content.ts';
import type { FaultEffect } from './faults.ts';
import type { HubFile } from './repos.ts';
import { contentAnswer } from './serve-content.ts';
import { unquoted, type World } from './world.ts';

/** Tests name a file by repository and path, which are not in the URL. */
export function cdnSubject({ repos }: World, url: URL): string {
  const file = repos.stored(url.pathname);
  const name = file === undefined ? '' : `${file.repo}/${file.path}`;
  return `${unquoted(url.pathname + url.search)} ${name}`;
}

/** The content server: sends bytes for a signed URL, without digests and commits. */
export function cdnAnswer(world: World, request: Seen, effect: FaultEffect, active: number): Answer {
  const { method, headers, url } = request;
  if (active > world.maxCdnRequests) return storeError(503, 'SlowDown', 'Please reduce your request rate.');
  if (headers.authorization !== undefined) {
    return storeError(400, 'InvalidArgument', 'Only one auth mechanism allowed');
  }
  if (method !== 'GET') {
    const message = 'The request signature we calculated does not match the signature you provided.';
    return storeError(403, 'SignatureDoesNotMatch', message);
  }
  const file = world.repos.stored(url.pathname);
  const refusal = signatureError(world, url);
  if (refusal !== undefined) return refusal;
  if (file === undefined) return storeError(404, 'NoSuchKey', 'The specified key does not exist.');
  return fileAnswer(world, request, effect, file);
}

function signatureError({ signed }: World, url: URL): Answer | undefined {
  switch (signed.fault(url)) {
    case 'missing':
      return storeError(403, 'MissingKey', 'Missing Key-Pair-Id query parameter or cookie value');
    case 'invalid':
      return storeError(403, 'AccessDenied', 'Access denied');
    case 'expired':
      return storeError(403, 'AccessDenied', 'Request has expired');
    case undefined:
      return undefined;
  }
}

function fileAnswer(world: World, request: Seen, effect: FaultEffect, file: HubFile): Answer {
  const blob = effect.replace ? blobOf(effect.replace) : file.blob;
  if (blob.source.size > world.wholeGetLimit && request.headers.range === undefined) {
    return storeError(400, 'InvalidRequest', 'The object is too large to be served whole.');
  }
  const headers = {
    'cache-control': 'public, max-age=31536000',
    'content-disposition': request.url.searchParams.get('response-content-disposition') ?? 'inline',
    'last-modified': 'Tue, 29 Oct 2024 17:51:00 GMT',
  };
  return contentAnswer(request, { source: blob.source, etag: blob.xetHash(), headers }, effect);
}
