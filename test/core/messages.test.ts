import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';
import { renderError, toJsonError } from '../../src/adapters/terminal/error.ts';
import { findCommand } from '../../src/commands/index.ts';
import { OPTIONS } from '../../src/commands/options.ts';
import { EXIT, WhisperError } from '../../src/core/errors.ts';
import { printable } from '../../src/core/catalogue/names.ts';
import { DISK, MODELS, NOTICES, WATCH } from '../support/messages/disk.ts';
import { DIAGNOSTICS, EDITS, EVALUATION, REGISTRY, ROOTS } from '../support/messages/registry.ts';
import { ADDRESSES, SOURCES } from '../support/messages/sources.ts';
import { BYTES, CACHE, HUB, NETWORK, WEB } from '../support/messages/transfers.ts';
import { BUSY, ENVIRONMENT, USAGE } from '../support/messages/usage.ts';

const SRC = resolve(import.meta.dirname, '../../../src');

type Calls = Readonly<Record<string, readonly (readonly unknown[])[]>>;

/** The examples by the files of the catalogue. */
const EXAMPLES: Readonly<Record<string, unknown>> = {
  addresses: ADDRESSES,
  busy: BUSY,
  bytes: BYTES,
  cache: CACHE,
  diagnostics: DIAGNOSTICS,
  disk: DISK,
  edits: EDITS,
  environment: ENVIRONMENT,
  evaluation: EVALUATION,
  watch: WATCH,
  hub: HUB,
  models: MODELS,
  network: NETWORK,
  notices: NOTICES,
  registry: REGISTRY,
  roots: ROOTS,
  sources: SOURCES,
  usage: USAGE,
  web: WEB,
};

interface Made {
  readonly name: string;
  readonly text: WhisperError | string;
}

/** The files of the catalogue by their names. */
const FILES = new Map(
  readdirSync(join(SRC, 'core/messages'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [basename(path, '.ts'), path.replace(/\.ts$/, '.js')]),
);
const FILES_OF_CATALOGUE = [...FILES.keys()];

async function functionsOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(`../../src/core/messages/${FILES.get(file)}`)) as Readonly<Record<string, unknown>>;
}

/** The hostile name of the examples as it is shown: its text is not that of a message. */
const PATHS = /x\\x0a.*?\\u\{202e\}/g;

const made: Made[] = [];
for (const file of FILES_OF_CATALOGUE) {
  const functions = await functionsOf(file);
  for (const [name, calls] of Object.entries((EXAMPLES[file] ?? {}) as Calls)) {
    const make = functions[name] as (...given: readonly unknown[]) => WhisperError | string;
    for (const given of calls) made.push({ name: `${file}: ${name}`, text: make(...given) });
  }
}
const errors = made.flatMap(({ name, text }) => (text instanceof WhisperError ? [{ name, error: text }] : []));
const sentences = made.flatMap(({ name, text }) => (typeof text === 'string' ? [{ name, text }] : []));
const texts = [
  ...sentences,
  ...errors.flatMap(({ name, error: { message, hint } }) => [message, hint].map((text) => ({ name, text }))),
];

test('every message has an example', async () => {
  assert.deepEqual(Object.keys(EXAMPLES).toSorted(), FILES_OF_CATALOGUE.toSorted());
  for (const file of FILES_OF_CATALOGUE) {
    const functions = Object.keys(await functionsOf(file));
    assert.ok(functions.length > 0, `${file} exports nothing`);
    assert.deepEqual(Object.keys(EXAMPLES[file] as Calls).toSorted(), functions.toSorted(), file);
  }
  assert.ok(errors.length > 100 && sentences.length > 30);
});

test('every code of an error has a message', () => {
  const table = /const EXIT_OF = \{(.*?)\n\}/s.exec(readFileSync(join(SRC, 'core/errors.ts'), 'utf8'))?.[1] ?? '';
  const codes = [...table.matchAll(/^ {2}'?([a-z-]+)'?: EXIT/gm)].map(([, code = '']) => code);
  assert.deepEqual([...new Set(errors.map(({ error }) => error.code))].toSorted(), codes.toSorted());
});

test('a message, a hint and a notice are one sentence without a period', () => {
  for (const { name, text } of texts) {
    assert.match(text, /[^\s.!:,;]$/, name);
    assert.doesNotMatch(text.replaceAll(PATHS, ''), /[a-z)"]\. |\? /, name);
  }
});

test('a hint begins with a capital letter', () => {
  for (const { name, error } of errors) assert.match(error.hint, /^[A-Z]/, name);
});

test('no message blames, begs or shouts, and none is long', () => {
  for (const { name, text } of texts) {
    assert.doesNotMatch(text, /\b(error:|failed to|illegal|please|oops|sorry|unfortunately|you must)\b|!/i, name);
    // A hash is read as one word.
    const words = text.replaceAll(/[0-9a-f]{64}/g, 'HASH').replaceAll(PATHS, 'NAME');
    for (const sentence of words.split(/(?<=[.?]) /)) assert.ok(sentence.length <= 220, `${name}: ${sentence}`);
  }
});

test('control characters in names are escaped', () => {
  for (const { name, text } of texts) assert.equal(text, printable(text), name);
});

test('the terminal and JSON show the same message and hint', () => {
  for (const { name, error } of errors) {
    const shown = renderError(error, (_format, text) => text).split('\n');
    assert.equal(shown[0], `whisper: ${error.message}`, name);
    assert.equal(shown.at(-2), `  ${error.hint}`, name);
    const { file, line, column } = error.place ?? {};
    if (error.place) assert.equal(shown[1], `  ${file}:${line}:${column}`, name);
    assert.equal(shown.length, error.place ? 6 : 3, name);
    const { code, message, hint, place } = toJsonError(error);
    assert.deepEqual(
      { code, message, hint, place },
      { code: error.code, message: error.message, hint: error.hint, place: error.place },
      name,
    );
    assert.ok(Object.values<number>(EXIT).includes(error.exitCode), name);
  }
});

test('a hint names commands, options and variables that exist', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  const code = files
    .filter((file) => file.endsWith('.ts') && !file.startsWith('core/messages/'))
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
    .join('\n');
  for (const { name, error } of errors) {
    for (const [, command = ''] of error.hint.matchAll(/\bwhisper ([a-z]+)/g))
      assert.ok(findCommand(command) || command === 'help', `${name}: ${command}`);
    for (const [, option = ''] of error.hint.matchAll(/(?<![\w-])--([a-z-]+)/g))
      assert.ok(option in OPTIONS, `${name}: --${option}`);
    for (const [variable] of error.hint.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g))
      // That one is read by Node itself.
      assert.ok(variable === 'NODE_EXTRA_CA_CERTS' || code.includes(`'${variable}'`), `${name}: ${variable}`);
  }
});

test('a message about a cache does not name the setting of the hub', () => {
  const ofCache = errors.filter(
    ({ name, error }) => name.startsWith('cache: ') || /cache\.example/.test(error.message),
  );
  assert.ok(ofCache.length > 10);
  for (const { name, error } of ofCache) assert.doesNotMatch(error.hint, /HF_ENDPOINT/, name);
});
