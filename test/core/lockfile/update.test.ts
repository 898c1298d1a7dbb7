import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PinnedEntry } from '../../../src/core/catalogue/entries.ts';
import { toSri } from '../../../src/core/catalogue/sha256-forms.ts';
import { lockedEntries, updateLock, type LockUpdate } from '../../../src/core/lockfile/update.ts';
import { readLockFile } from '../../../src/core/lockfile/lockfile.ts';
import { RUNS } from '../../support/runs.ts';

const PATH = '/p/whisper-models.lock.json';
const HEX = 'ab'.repeat(32);

const pinOf = (
  file: string,
  more: { readonly size?: number; readonly sha256?: string; readonly revision?: string } = {},
): PinnedEntry => {
  return { file, repo: 'owner/name', revision: 'main', size: 5, sha256: HEX, ...more };
};
const known = (...pins: readonly PinnedEntry[]): ReadonlyMap<string, PinnedEntry> =>
  new Map(pins.map((pin) => [pin.file, pin]));
const entryOf = ({ sha256, ...pin }: PinnedEntry): object => ({ ...pin, sha256: toSri(sha256) });

function update(text: string | undefined, models: readonly string[], pins: readonly PinnedEntry[] = []): LockUpdate {
  return updateLock(PATH, text, { models: new Set(models), known: known(...pins) });
}

const TINY = 'ggml-tiny.bin';
const BASE = 'ggml-base.bin';

test('a new lock file: two spaces, sorted, the hash as Nix writes it, a final line feed', () => {
  const { text, added } = update(undefined, [TINY, BASE], [pinOf(TINY), pinOf(BASE)]);
  const document = { version: 1, models: [entryOf(pinOf(BASE)), entryOf(pinOf(TINY))] };
  assert.equal(text, `${JSON.stringify(document, null, 2)}\n`);
  assert.deepEqual(added, [BASE, TINY]);
  assert.equal(update(undefined, []).text, '{\n  "version": 1,\n  "models": []\n}\n');
});

test('an entry keeps its pin, and an unlisted one is removed', () => {
  const before = update(undefined, [TINY, BASE], [pinOf(TINY), pinOf(BASE)]).text;
  const after = update(before, [TINY], [pinOf(TINY, { size: 6, revision: 'newer' })]);
  assert.deepEqual([after.added, after.removed, after.kept], [[], [BASE], [TINY]]);
  assert.deepEqual(JSON.parse(after.text).models, [entryOf(pinOf(TINY))]);
});

test('an entry records what was just verified, and nothing else', () => {
  const before = JSON.stringify({ models: [{ note: 'mine', ...entryOf(pinOf(TINY)) }] });
  const verified = known(pinOf(TINY, { revision: 'c'.repeat(40) }));
  const after = updateLock(PATH, before, { models: new Set([TINY, BASE]), known: known(), verified });
  assert.deepEqual(JSON.parse(after.text).models, [
    { note: 'mine', ...entryOf(pinOf(TINY, { revision: 'c'.repeat(40) })) },
  ]);
  assert.deepEqual([after.kept, after.lacking], [[TINY], [BASE]]);
});

test('fields that this program does not know keep their values and order', () => {
  const odd = String.raw`{
  "later": { "__proto__": {"x": 1}, "big": 9007199254740991, "a": [] },
  "__proto__": [ ],
  "models": [
    { "constructor": "ü\u00fc\ud800\/", "size": 5, "sha256": "${HEX.toUpperCase()}", "file": "${TINY}",
      "repo": "owner/name", "__proto__": 1, "revision": "main", "more": {"models": [[]]} }
  ],
  "substituters": [ "https://cache.example" ]
}`;
  const { text } = update(odd, [TINY]);
  for (const kept of [
    '"big": 9007199254740991',
    String.raw`"constructor": "üü\ud800/"`,
    '"__proto__": 1',
    '"__proto__": []',
    '"substituters": [\n    "https://cache.example"\n  ]',
  ])
    assert.ok(text.includes(kept), `${kept} in ${text}`);
  const names = [...text.matchAll(/^ {2}"(\w+)"/gm)].map(([, name]) => name);
  assert.deepEqual(names, ['version', 'later', '__proto__', 'models', 'substituters']);
  const fields = [...text.matchAll(/^ {6}"(\w+)"/gm)].map(([, name]) => name);
  assert.deepEqual(fields, ['x', 'constructor', 'size', 'sha256', 'file', 'repo', '__proto__', 'revision', 'more']);
  assert.ok(text.includes(`"sha256": "${toSri(HEX)}"`), 'hex becomes the form of Nix');
  assert.equal(update(text, [TINY]).text, text);
});

test('an up-to-date lock file is not rewritten', () => {
  for (const lay of [
    (text: string): string => text.replaceAll('  ', '\t').replaceAll('\n', '\r\n'),
    (text: string): string => JSON.stringify(JSON.parse(text)),
  ]) {
    const text = lay(update(undefined, [TINY], [pinOf(TINY)]).text);
    assert.equal(update(text, [TINY]).text, text);
  }
});

test('line endings are kept', () => {
  const before = update(undefined, [TINY], [pinOf(TINY)]).text.replaceAll('\n', '\r\n');
  const { text } = update(before, [TINY, BASE], [pinOf(BASE)]);
  assert.equal(text.replaceAll('\r\n', '').includes('\n'), false);
  assert.equal(text.replaceAll('\r\n', '\n'), update(undefined, [TINY, BASE], [pinOf(TINY), pinOf(BASE)]).text);
});

const entry = JSON.stringify(entryOf(pinOf(TINY)));
for (const [name, text, says] of [
  ['half of it', '{"version": 1, "models": [', /not JSON/],
  ['a byte order mark', `\ufeff{"models": []}`, /not JSON/],
  ['an empty file', '', /not JSON/],
  ['an array', '[]', /no list "models"/],
  ['a form of later', '{"version": 2, "models": []}', /version is 2, not 1/],
  [
    'a form of no sense',
    `{"version": ${'['.repeat(9000)}${']'.repeat(9000)}, "models": []}`,
    /version is unknown, not 1/,
  ],
  ['two lists', `{"models": [${entry}], "models": []}`, /it has "models" twice/],
  ['two hashes', `{"models": [${entry.replace('{', `{"sha256": "${HEX}", `)}]}`, /models\[0\] has "sha256" twice/],
  ['two values of another field', '{"models": [], "x": [{"\\u0061": 1, "a": 2}]}', /it has "a" twice/],
  ['a number that is too large', '{"models": [], "x": -1e999}', /the number -1e999 is too large/],
  ['a model twice', `{"models": [${entry}, ${entry}]}`, /it contains tiny twice/],
  ['depth', `{"models": [], "x": ${'['.repeat(5000)}${']'.repeat(5000)}}`, /nested more than 100 levels/],
] as const) {
  test(`a lock file that is not certain is not changed: ${name}`, () => {
    assert.throws(() => update(text, [TINY], [pinOf(TINY)]), { code: 'bad-lock-file', message: says });
  });
}

test('each entry has its position in the text', () => {
  const text = `{ "models": [\n ${entry},\n\t${entry.replace(TINY, BASE)}] }`;
  const places = lockedEntries(PATH, text).map(({ pin, start }) => [pin.file, text.slice(start, start + 2)]);
  assert.deepEqual(places, [
    [TINY, '{"'],
    [BASE, '{"'],
  ]);
});

const OWN = new Set(['version', 'models', 'file', 'repo', 'revision', 'size', 'sha256']);
const hashes = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 });
const pins = fc.uniqueArray(
  fc.record(
    {
      file: fc.stringMatching(/^ggml-[a-z0-9.]{1,5}\.bin$/),
      repo: fc.stringMatching(/^[a-z]{1,4}\/[a-z.]{1,4}$/),
      revision: fc.string({ minLength: 1 }),
      size: fc.maxSafeNat(),
      sha256: hashes.map((digits) => digits.join('')),
    },
    { noNullPrototype: true },
  ),
  { selector: ({ file }) => file, maxLength: 6 },
);
const others = fc
  .uniqueArray(fc.tuple(fc.string(), fc.jsonValue({ maxDepth: 3 })), { selector: ([name]) => name })
  .map((fields) => fields.filter(([name]) => !OWN.has(name)));
const written = (fields: readonly (readonly [string, unknown])[]): string =>
  fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}, `).join('');

/** What is not this program's: of the document, under no name, and of each entry. */
function unknownOf(text: string): ReadonlyMap<string, string> {
  const rest = (fields: Record<string, unknown>): string =>
    JSON.stringify(Object.entries(fields).filter(([name]) => !OWN.has(name)));
  const document = JSON.parse(text) as Record<string, unknown> & {
    readonly models: readonly Record<string, unknown>[];
  };
  const entries = document.models.map((fields) => [String(fields['file']), rest(fields)] as const);
  return new Map([['', rest(document)], ...entries]);
}

test('any change of any lock file has its effect, keeps the rest and gives a valid file', () => {
  fc.assert(
    fc.property(pins, pins, others, fc.infiniteStream(fc.boolean()), (before, after, fields, coins) => {
      const more = written(fields);
      const models = before.map((pin) => `{${more}${JSON.stringify(coins.next().value ? pin : entryOf(pin)).slice(1)}`);
      const text = `{${more}"models": [${models.join()}]}`;
      const wanted = after.map(({ file }) => file);
      const { text: result, pins: now, lacking } = update(text, wanted, after);
      const old = new Map(before.map((pin) => [pin.file, pin]));
      const expected = after.map((pin) => old.get(pin.file) ?? pin).toSorted((a, b) => (a.file < b.file ? -1 : 1));
      assert.deepEqual(
        readLockFile(PATH, result).entries,
        expected.map((pin) => ({ ...pin, pinnedBy: 'lock file' })),
      );
      assert.deepEqual([now.map(({ file }) => file), lacking], [wanted.toSorted(), []]);
      assert.equal(update(result, wanted).text, result, 'there is nothing left to change');
      const unknown = unknownOf(result);
      const stayed = [...unknownOf(text)].filter(([file]) => file === '' || wanted.includes(file));
      for (const [file, rest] of stayed) assert.equal(unknown.get(file), rest);
    }),
    { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 4) },
  );
});
