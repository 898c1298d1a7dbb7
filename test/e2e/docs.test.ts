import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS } from '../../src/commands/index.ts';
import { EXIT } from '../../src/core/errors.ts';
import { SNIPPETS } from '../../src/core/hooks/snippets.ts';
import type { WatchEvent } from '../../src/core/watch/events.ts';
import { commandRuns, pushRun, watchRun } from '../support/json-runs.ts';
import { needsNix } from '../support/nix.ts';
import { blocks, page, PAGES, quoted, rows, sections, source, sources } from '../support/pages.ts';

const JSON_PAGE = page('json.md');
const WATCH = 'watch';

/** The examples of json.md, by the command or the heading that each is for. */
const EXAMPLES: ReadonlyMap<string, string> = new Map(
  [...sections(JSON_PAGE)].flatMap(([heading, text]) => {
    const names = heading.split(', ');
    const found = blocks(text, 'json');
    assert.equal(found.length, names.length, heading);
    return names.map((name, at): [string, string] => [name, found[at] ?? '']);
  }),
);

/** The paths of all keys of a value: of a list, those of its members. What is `null` in one run is something in another. */
function keysOf(value: unknown, at = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => keysOf(each, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [`${at}.${key}`, ...keysOf(each, `${at}.${key}`)]);
}

function shapeOf(value: unknown): readonly string[] {
  return [...new Set(keysOf(value))].toSorted();
}

test('every page has at most 160 lines', () => {
  assert.ok(PAGES.length > 5);
  for (const name of PAGES) assert.ok(page(name).split('\n').length <= 160, name);
});

test('links between the pages have targets', () => {
  for (const name of PAGES) {
    for (const [, target = ''] of page(name).matchAll(/\]\(([^)#]+)\)/g)) {
      if (!target.startsWith('https://')) source(`docs/${target}`);
    }
  }
});

test('exit-codes.md has the exit codes of the program, and the words of its errors', () => {
  const [codes = [], words = []] = page('exit-codes.md').split('## Error codes').map(rows);
  assert.deepEqual(
    codes.map(([code]) => Number(code)),
    Object.values(EXIT),
  );
  const known = [...source('src/core/errors.ts').matchAll(/^ {2}'?([\w-]+)'?: EXIT\.(\w+),$/gm)].map(
    ([, word, name]) => `${word} ${EXIT[name as keyof typeof EXIT]}`,
  );
  assert.ok(known.length > 30);
  const told = words.flatMap(([code, list = '']) => quoted(list).map((word) => `${word} ${code}`));
  assert.deepEqual(told.toSorted(), [...known, 'unexpected 1'].toSorted());
});

test('environment.md has every variable that is read, and no other', () => {
  const READING = /environment\['(\w+)'\]|\bvariable\('(\w+)'\)|\bfolder\('(\w+)'\)|xdgFolder\(environment, '(\w+)'/g;
  const read = [...sources().values()].flatMap((text) => [
    ...[...text.matchAll(READING)].map((match) => match.slice(1).find((name) => name !== undefined) ?? ''),
    ...[...text.matchAll(/\{([^{}]+)\} = environment;/g)].flatMap(([, names = '']) => names.match(/\b[A-Z]\w+/g) ?? []),
  ]);
  assert.ok(read.length > 30);
  const told = rows(page('environment.md')).flatMap(([names = '']) => quoted(names));
  assert.deepEqual(told.toSorted(), [...new Set(read)].toSorted());
  assert.deepEqual(told, [...new Set(told)]);
});

test('save-triggers.md has every editor, and where its text goes', () => {
  const table = rows(sections(page('save-triggers.md')).get('Hooks') ?? '');
  const told = new Map(table.map(([editor = '', where = '']) => [quoted(editor)[0] ?? '', quoted(where)]));
  assert.deepEqual([...told.keys()].toSorted(), Object.keys(SNIPPETS).toSorted());
  for (const [editor, snippet] of Object.entries(SNIPPETS)) {
    const beginning = snippet.split('\n').slice(0, 3).join('\n');
    for (const path of told.get(editor) ?? []) assert.ok(beginning.includes(path), `${editor}: ${path}`);
  }
});

test('save-triggers.md lists every reason to pause', () => {
  const told = rows(sections(page('save-triggers.md')).get('When pruning pauses') ?? '').flatMap(([, reason = '']) =>
    quoted(reason),
  );
  const type = /PauseReason =([^;]+);/.exec(source('src/core/watch/events.ts'))?.[1] ?? '';
  const known = [...type.matchAll(/'([\w-]+)'/g)].map(([, reason = '']) => reason);
  assert.deepEqual(told.toSorted(), known.toSorted());
  const inJson = quoted(sections(JSON_PAGE).get(WATCH) ?? '');
  for (const reason of known) assert.ok(inJson.includes(reason), reason);
});

test('json.md has every command', () => {
  const told = [...EXAMPLES.keys()].filter((name) => name !== 'When something fails');
  assert.deepEqual(told.toSorted(), COMMANDS.map(({ name }) => name).toSorted());
});

test('what the commands print has the keys that json.md shows', async (t) => {
  const printed = await commandRuns(t);
  for (const [name, text] of printed)
    assert.deepEqual(shapeOf(JSON.parse(text)), shapeOf(JSON.parse(EXAMPLES.get(name) ?? '')), name);
  assert.deepEqual([...printed.keys(), 'push', WATCH].toSorted(), [...EXAMPLES.keys()].toSorted());
});

test('so does push', needsNix, async (t) => {
  assert.deepEqual(shapeOf(JSON.parse(await pushRun(t))), shapeOf(JSON.parse(EXAMPLES.get('push') ?? '')));
});

test('so does every event of a watch session', async (t) => {
  const told = (EXAMPLES.get(WATCH) ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as WatchEvent);
  const shapes = (events: readonly WatchEvent[]): ReadonlyMap<string, readonly string[]> =>
    new Map(events.map((event) => [event.event, shapeOf(event)]));
  assert.deepEqual(shapes(await watchRun(t)), shapes(told));
});
