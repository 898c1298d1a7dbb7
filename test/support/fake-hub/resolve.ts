import { redirectAnswer, textAnswer, type Answer, type Headers, type Seen } from './answer.ts';
import { blobOf } from './content.ts';
import type { FaultEffect } from './faults.ts';
import type { HubFile } from './repos.ts';
import { contentAnswer } from './serve-content.ts';
import { entryNotFound, findRevision, segmentsOf, unquoted, type World } from './world.ts';

/** `/{repo}/resolve/{revision}/{path}`: where the bytes of a file are. */
export function resolveAnswer(world: World, request: Seen, effect: FaultEffect): Answer {
  const segments = segmentsOf(request.url);
  if (/%2f/i.test(segments[0] ?? '')) return textAnswer(400, 'Bad Request');
  const at = segments[2] === 'resolve' ? 2 : 1;
  const found = locate(world, request, {
    repo: segments.slice(0, at).join('/'),
    revision: unquoted(segments[at + 1] ?? ''),
    path: segments.slice(at + 2),
  });
  if ('error' in found) return found.error;

  const { commit } = found;
  const file = effect.replace ? { ...found.file, blob: blobOf(effect.replace) } : found.file;
  const etag = file.kind === 'lfs' ? file.blob.sha256() : file.blob.gitSha1();
  const headers: Headers = {
    'x-repo-commit': commit,
    'accept-ranges': 'bytes',
    'x-linked-size': String(file.blob.source.size),
    'x-linked-etag': `"${etag}"`,
    vary: 'Origin, Accept',
    ...xetHeaders(world, file, commit),
  };
  if (effect.direct) return contentAnswer(request, { source: file.blob.source, etag, headers }, effect);
  if (request.headers['if-none-match'] === `"${etag}"`) {
    const nothing = textAnswer(304, '');
    return { ...nothing, headers: { etag: `"${etag}"`, 'x-repo-commit': commit } };
  }
  const redirect =
    file.kind === 'lfs'
      ? redirectAnswer(302, contentUrl(world, file))
      : redirectAnswer(307, cacheUrl(request.url, file, commit, etag));
  return { ...redirect, headers: { ...redirect.headers, ...headers } };
}

/** `/api/resolve-cache/models/{repo}/{commit}/{path}`: the bytes of a small file, from the hub's own edge. */
export function resolveCacheAnswer(world: World, request: Seen, effect: FaultEffect): Answer {
  const segments = segmentsOf(request.url).slice(3);
  const at = /^[0-9a-f]{40}$/.test(segments[2] ?? '') ? 2 : 1;
  const found = locate(world, request, {
    repo: segments.slice(0, at).join('/'),
    revision: segments[at] ?? '',
    path: segments.slice(at + 1),
  });
  if ('error' in found) return found.error;
  const blob = effect.replace ? blobOf(effect.replace) : found.file.blob;
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'x-repo-commit': found.commit };
  return contentAnswer(request, { source: blob.source, etag: blob.gitSha1(), headers }, effect);
}

function locate(
  world: World,
  request: Seen,
  wanted: { repo: string; revision: string; path: string[] },
): { file: HubFile; commit: string } | { error: Answer } {
  const found = findRevision(world, request, 'resolve', wanted);
  if ('error' in found) return found;
  const { repo, commit } = found;
  const file = repo.commits.get(commit)?.get(wanted.path.map(unquoted).join('/'));
  return file === undefined ? { error: entryNotFound(commit, 'resolve') } : { file, commit };
}

function xetHeaders({ endpoint, cdn }: World, file: HubFile, commit: string): Headers {
  if (file.kind !== 'lfs') return {};
  const hash = file.blob.xetHash();
  const token = `${endpoint}/api/models/${file.repo}/xet-read-token/${commit}`;
  return {
    'x-xet-hash': hash,
    link: `<${token}>; rel="xet-auth", <${cdn}/v1/reconstructions/${hash}>; rel="xet-reconstruction-info"`,
  };
}

function contentUrl({ repos, signed, cdn }: World, file: HubFile): string {
  const name = encodeURIComponent(file.path.slice(file.path.lastIndexOf('/') + 1));
  const disposition = `inline; filename*=UTF-8''${name}; filename="${name}";`;
  return signed.sign(cdn, repos.store(file), disposition);
}

function cacheUrl(asked: URL, file: HubFile, commit: string, etag: string): string {
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  const origin = encodeURIComponent(asked.pathname);
  return `/api/resolve-cache/models/${file.repo}/${commit}/${path}?${origin}=&etag=%22${etag}%22`;
}
