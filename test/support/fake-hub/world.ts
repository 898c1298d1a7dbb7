import { hubError, redirectAnswer, type Answer, type Headers, type Seen } from './answer.ts';
import type { Access } from './access.ts';
import { commitOf, type Repo, type Repos } from './repos.ts';
import type { SignedUrls } from './signed-urls.ts';

/** What the rooms of the hub know in common. */
export interface World {
  readonly repos: Repos;
  readonly access: Access;
  readonly signed: SignedUrls;
  readonly endpoint: string;
  readonly cdn: string;
  readonly pageSize: number | undefined;
  readonly maxCdnRequests: number;
  readonly wholeGetLimit: number;
}

/** A repository and revision that the request may see, or the error it gets instead. */
export type Found = { repo: Repo; commit: string } | { error: Answer };

export function findRevision(
  world: World,
  request: Seen,
  where: 'resolve' | 'api',
  wanted: { repo: string; revision: string },
): Found {
  const { repos, access, endpoint } = world;
  const renamed = repos.renamed(wanted.repo);
  if (renamed !== undefined) return { error: redirectAnswer(307, moved(request.url, wanted.repo, renamed)) };
  const repo = repos.find(wanted.repo);
  const refusal = access.refusal({
    repo: wanted.repo,
    exists: repo !== undefined,
    where,
    authorization: request.headers.authorization,
    endpoint,
  });
  if (refusal !== undefined) return { error: hubError(refusal, where) };
  const commit = repo && commitOf(repo, wanted.revision);
  if (repo === undefined || commit === undefined) {
    const message = `Invalid rev id: ${encodeURI(wanted.revision)}`;
    return { error: hubError({ status: 404, code: 'RevisionNotFound', message }, where) };
  }
  return { repo, commit };
}

export function entryNotFound(commit: string, where: 'resolve' | 'api'): Answer {
  const headers: Headers = { 'x-repo-commit': commit };
  return hubError({ status: 404, code: 'EntryNotFound', message: 'Entry not found', headers }, where);
}

/** The segments of a path, quoted as they came. */
export function segmentsOf(url: URL): string[] {
  return url.pathname.split('/').slice(1);
}

/** Malformed quoting stays as it is, and then names nothing. */
export function unquoted(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function moved(url: URL, from: string, to: string): string {
  return url.pathname.replace(`/${from}`, `/${to}`) + url.search;
}
