import { STATUS_CODES } from 'node:http';
import { edgeError, hubError, storeError, textAnswer, type Answer, type Headers } from './answer.ts';
import type { FaultEffect, Where } from './faults.ts';
import { rateLimitHeader } from './rate-limits.ts';

/** The answer that a fault gives in place of the natural one; the natural one where it asks for none. */
export function replacement(effect: FaultEffect, where: Where, address: string, natural: Answer): Answer {
  if (effect.html !== undefined) {
    return textAnswer(200, effect.html, {
      'content-type': effect.htmlAs ?? 'text/html; charset=utf-8',
    });
  }
  if (effect.status !== undefined) return statusAnswer(effect, effect.status, where, natural);
  const location = effect.loop ? address : effect.location;
  if (location === undefined) return natural;
  if (natural.headers['location'] !== undefined) {
    return { ...natural, headers: { ...natural.headers, location } };
  }
  return textAnswer(302, `Found. Redirecting to ${location}`, { location });
}

function statusAnswer(effect: FaultEffect, status: number, where: Where, natural: Answer): Answer {
  const headers: Headers = {
    ...standing(natural.headers),
    ...(effect.retryAfter === undefined ? {} : { 'retry-after': String(effect.retryAfter) }),
    ...(status === 416 ? { 'content-range': `bytes */${sizeBehind(natural)}` } : {}),
    ...(status === 429 && where !== 'cdn' ? exhausted(where, effect.resetSeconds ?? 1) : {}),
  };
  const answer = dressed(effect, status, where, headers);
  if (effect.body === undefined) return answer;
  const type = effect.body.trimStart().startsWith('<') ? 'text/html; charset=utf-8' : undefined;
  return textAnswer(status, effect.body, {
    ...answer.headers,
    ...(type === undefined ? {} : { 'content-type': type }),
  });
}

function dressed(effect: FaultEffect, status: number, where: Where, headers: Headers): Answer {
  const { errorCode: code } = effect;
  const message = effect.message ?? messages[code ?? ''] ?? STATUS_CODES[status] ?? 'Error';
  if (code === undefined && effect.message === undefined && (status >= 500 || status === 416)) {
    return edgeError(status, headers);
  }
  return where === 'cdn'
    ? storeError(status, code ?? (status === 403 ? 'AccessDenied' : message.replaceAll(' ', '')), message, headers)
    : hubError({ status, code, message, headers }, where);
}

const messages: Record<string, string> = {
  EntryNotFound: 'Entry not found',
  RevisionNotFound: 'Invalid rev id: refs',
  RepoNotFound: 'Repository not found',
  GatedRepo: 'Access to this model is restricted and you are not in the authorized list.',
};

/** The headers that the hub puts on every answer, faulty or not. */
function standing(headers: Headers): Headers {
  const names = new Set(['x-request-id', 'ratelimit', 'ratelimit-policy', 'x-repo-commit']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => names.has(name)));
}

function exhausted(where: 'resolve' | 'api', seconds: number): Headers {
  return { ratelimit: rateLimitHeader(where === 'api' ? 'api' : 'resolvers', 0, seconds) };
}

function sizeBehind(natural: Answer): number {
  const total = /\/(\d+)$/.exec(natural.headers['content-range'] ?? '')?.[1];
  return total === undefined ? natural.body.source.size : Number(total);
}
