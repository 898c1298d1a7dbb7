import { randomUUID } from 'node:crypto';
import { edgeError, hubError, type Answer, type Seen } from './answer.ts';
import { apiAnswer } from './api.ts';
import type { FaultEffect, Where } from './faults.ts';
import type { RateLimits } from './rate-limits.ts';
import { resolveAnswer, resolveCacheAnswer } from './resolve.ts';
import { segmentsOf, unquoted, type World } from './world.ts';

/** Which answers the hub has for a path. Both hops to a small file count as `resolve`. */
export function hubWhere(url: URL): Where {
  return url.pathname.startsWith('/api/') && !isCache(url) ? 'api' : 'resolve';
}

export function hubSubject(url: URL): string {
  return unquoted(url.pathname + url.search);
}

/** The hub's own answers, each with its budget and its request id. */
export async function hubAnswer(world: World, limits: RateLimits, request: Seen, effect: FaultEffect): Promise<Answer> {
  const where = hubWhere(request.url) === 'api' ? 'api' : 'resolve';
  const spent = limits.spend(where === 'api' ? 'api' : 'resolvers');
  const answer = spent.exceeded
    ? hubError({ status: 429, message: 'Too Many Requests' }, where)
    : await route(world, request, effect);
  const headers = { ...spent.headers, 'x-request-id': `Root=${randomUUID()}`, ...answer.headers };
  return { ...answer, headers };
}

function route(world: World, request: Seen, effect: FaultEffect): Answer | Promise<Answer> {
  const { url } = request;
  if (isCache(url)) return resolveCacheAnswer(world, request, effect);
  if (url.pathname.startsWith('/api/models/')) return apiAnswer(world, request);
  const segments = segmentsOf(url);
  if (segments[1] === 'resolve' || segments[2] === 'resolve') return resolveAnswer(world, request, effect);
  return edgeError(404);
}

function isCache(url: URL): boolean {
  return url.pathname.startsWith('/api/resolve-cache/models/');
}
