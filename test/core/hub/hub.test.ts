import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readContentRange, readFacts, requirePinned, withoutToken } from '../../../src/core/hub/answer.ts';
import { Throttle } from '../../../src/core/hub/limits.ts';
import { backoff, isTransient, refusal, requestedWait, withNearest } from '../../../src/core/hub/retry.ts';

const sha256 = 'ab'.repeat(32);
const entry = { file: 'ggml-a.bin', repo: 'o/r', revision: 'main', size: 5, sha256 };
const headers = (fields: Readonly<Record<string, string>>, status = 302) => ({ status, headers: fields });

test('commit, size and sha256 are read from the headers of the hub', () => {
  const said = headers({ 'x-repo-commit': 'c', 'x-linked-size': '5', 'x-linked-etag': `W/"${sha256.toUpperCase()}"` });
  assert.deepEqual(readFacts(said), { commit: 'c', size: 5, sha256 });
  const nothing = { commit: undefined, size: undefined, sha256: undefined };
  assert.deepEqual(readFacts(headers({})), nothing);
  assert.deepEqual(readFacts(headers({ 'x-linked-size': '5 MB', 'x-linked-etag': `"${'a'.repeat(40)}"` })), nothing);
});

test('a pin is compared with what the hub reports, where both are known', () => {
  const nothing = { commit: undefined, size: undefined, sha256: undefined };
  requirePinned(entry, nothing);
  requirePinned(entry, { ...nothing, size: 5, sha256 });
  requirePinned({ ...entry, size: undefined, sha256: undefined }, { ...nothing, size: 6, sha256: 'x' });
  for (const facts of [{ size: 6 }, { sha256: 'x' }, { size: 5, sha256: 'x' }, { size: 0 }]) {
    assert.throws(() => requirePinned(entry, { ...nothing, ...facts }), { code: 'stale-pin', exitCode: 5 });
  }
});

test('Content-Range is read, and anything malformed is ignored', () => {
  assert.deepEqual(readContentRange('bytes 5-9/11'), { start: 5, end: 9, total: 11 });
  assert.deepEqual(readContentRange('bytes 5-9/*'), { start: 5, end: 9, total: undefined });
  for (const value of [
    undefined,
    '',
    'bytes */11',
    'bytes 5-/11',
    'bytes=5-9/11',
    'items 5-9/11',
    'bytes 5-9/11,',
    'bytes 5-9/99999999999999999999',
  ]) {
    assert.equal(readContentRange(value), undefined, value);
  }
});

const refusals: readonly [number, Readonly<Record<string, string>>, string | undefined, string][] = [
  [404, { 'x-error-code': 'EntryNotFound' }, undefined, 'hub-not-found'],
  [404, {}, undefined, 'hub-not-found'],
  [401, { 'x-error-code': 'RepoNotFound' }, undefined, 'hub-needs-token'],
  [401, {}, 't', 'hub-needs-token'],
  [401, { 'x-error-code': 'GatedRepo' }, undefined, 'hub-gated'],
  [403, { 'x-error-code': 'GatedRepo' }, 't', 'hub-gated'],
  [403, {}, undefined, 'hub-refused'],
  [400, {}, undefined, 'hub-refused'],
  [408, {}, undefined, 'hub-broken'],
  [429, {}, undefined, 'hub-rate-limited'],
  [503, {}, undefined, 'hub-broken'],
];
test('each refusal of the hub has its error code, and quotes the hub without control characters', () => {
  for (const [status, fields, token, code] of refusals) {
    const error = refusal(entry, headers(fields, status), 'said \x1b[31m t\nmore', {
      hub: 'https://hub',
      token,
      now: 0,
    });
    assert.deepEqual([error.code, error.exitCode], [code, 4], `${status}`);
    assert.doesNotMatch(error.message, /\p{Cc}/u);
    assert.match(error.hint, /[^.]$/);
    if (token !== undefined) assert.match(JSON.stringify(error.details), /said .* \(token\)/);
  }
  assert.equal(withoutToken('a t b t', 't'), 'a (token) b (token)');
  assert.equal(withoutToken('a', undefined), 'a');
});

test('rate limits name the time of the next try, and missing files the similar names', () => {
  const asking = { hub: 'https://hub', token: undefined, now: Date.UTC(2026, 0, 1) };
  const limited = refusal(entry, headers({ ratelimit: '"resolvers";r=0;t=59' }, 429), '', asking);
  assert.match(limited.hint, /after 2026-01-01T00:01:00\.000Z/);
  const missing = refusal(entry, headers({ 'x-error-code': 'EntryNotFound' }, 404), '', asking);
  const near = withNearest(missing, 'ggml-base.bin', ['ggml-base.en.bin', 'README.md', 'ggml-bose.bin']);
  assert.match(near.hint, /^The repository has ggml-b/);
  assert.equal(near.code, 'hub-not-found');
  assert.equal(withNearest(missing, 'ggml-base.bin', []), missing);
});

test('the waits between retries grow, with jitter', () => {
  assert.deepEqual(
    [1, 2, 3, 7, 20].map((failures) => backoff(failures, 0)),
    [250, 500, 1000, 15_000, 15_000],
  );
  assert.equal(backoff(1, 0.5), 375);
  assert.deepEqual([200, 400, 401, 403, 404, 416].filter(isTransient), []);
  assert.ok([408, 429, 500, 502, 503, 504].every(isTransient));
});

test('the requested wait is read from RateLimit or Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  const rows: readonly [Readonly<Record<string, string>>, number | undefined][] = [
    [{}, undefined],
    [{ ratelimit: '"resolvers";r=0;t=55' }, 56_000],
    [{ ratelimit: '"resolvers";r=12;t=55' }, undefined],
    [{ ratelimit: '"resolvers";r=0;t=55', 'retry-after': '2' }, 56_000],
    [{ ratelimit: '"resolvers";r=12;t=55', 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, 9000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '99999999' }, 310_000],
    [{ 'retry-after': '99999999999999999999' }, 310_000],
    [{ 'retry-after': '-5' }, undefined],
    [{ ratelimit: '"resolvers";r=0;t=99999999' }, 310_000],
  ];
  for (const [fields, wait] of rows)
    assert.equal(requestedWait(headers(fields, 429), now), wait, JSON.stringify(fields));
});

test('a throttle allows the bytes of one second at once, and then its rate', () => {
  const free = new Throttle();
  assert.equal(free.take(1e12, 0), 0);
  const throttle = new Throttle(1000);
  assert.equal(throttle.take(1000, 1), 0);
  assert.equal(throttle.take(500, 1), 500);
  assert.equal(throttle.take(500, 501), 500);
  assert.equal(throttle.take(0, 60_001), 0);
  assert.equal(throttle.take(1500, 60_001), 500, 'a long pause saves up one second');
});
