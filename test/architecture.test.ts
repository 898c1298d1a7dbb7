import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const SRC = resolve(import.meta.dirname, '../../src');
const PACKAGE = resolve(SRC, '../package.json');

/** What each room may import besides itself: downwards only. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli', 'adapters'],
  cli: ['commands', 'adapters', 'core'],
  commands: ['adapters', 'core'],
  adapters: ['core'],
  core: [],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

/** A notice and all that is handed over: parentheses within it are read two deep. */
const SAYING = /\b(?:notice|onNotice|onDetail|onRetry)\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g;

// Types count like values: who needs a type of a room knows that room.
const FROM = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)'([^']+)'/g;

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const imports = sources.flatMap((file): readonly Import[] => {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(FROM)].map(([, target = '']) => ({ file, target }));
});
const room = (file: string): string => file.split('/')[0] ?? '';

test('imports go down only', () => {
  assert.ok(imports.length > 50);
  for (const { file, target } of imports.filter((each) => each.target.startsWith('.'))) {
    const imported = relative(SRC, resolve(SRC, dirname(file), target));
    const allowed = [room(file), ...(BELOW[room(file)] ?? [])];
    assert.ok(allowed.includes(room(imported)), `src/${file} imports ${target}`);
  }
});

test('core does nothing but think', () => {
  const outside = imports.filter(({ file, target }) => room(file) === 'core' && !target.startsWith('.'));
  assert.deepEqual(outside, []);
});

test('each dependency is imported by exactly one file', () => {
  const { dependencies } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const outside = imports.filter(({ target }) => !/^(\.|node:|#)/.test(target));
  const names = [...new Set(outside.map(({ target }) => target))];
  assert.deepEqual(names.toSorted(), Object.keys(dependencies).toSorted());
  for (const name of names) {
    const files = new Set(outside.filter(({ target }) => target === name).map(({ file }) => file));
    assert.equal(files.size, 1, `${name}: ${[...files].join(', ')}`);
  }
});

test('sentences for people are in core/messages', () => {
  let said = 0;
  for (const file of sources.filter((each) => each !== 'core/errors.ts' && !each.startsWith('core/messages/'))) {
    const text = readFileSync(join(SRC, file), 'utf8');
    assert.doesNotMatch(text, /new WhisperError\(/, `src/${file}`);
    for (const [call, argument = ''] of text.matchAll(SAYING)) {
      assert.doesNotMatch(argument, /['"`]/, `src/${file}: ${call}`);
      said += 1;
    }
  }
  assert.ok(said > 20);
});

test('tests that run the program run the released one, which test/support/released.ts finds', () => {
  const folder = resolve(SRC, '../test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  assert.ok(files.length > 100);
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.doesNotMatch(text, /^import (?!type ).*\/src\/(main|cli\/run)\.ts'/m, `test/${file}`);
    if (file !== 'architecture.test.ts') assert.doesNotMatch(text, /dist\/src\/main/, `test/${file}`);
    if (/^(e2e|support)\//.test(file) && file !== 'support/released.ts')
      assert.doesNotMatch(text, /\bbin(-fault-points)?\/main\.cjs|'\.\.\/\.\.\/bin/, `test/${file}`);
  }
});

test('numbers of inodes and devices are compared in one file, as bigint', () => {
  for (const file of sources.filter((each) => each !== 'adapters/fs/identity.ts')) {
    const code = readFileSync(join(SRC, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, /\.(?:ino|dev)\b|[{,]\s*(?:ino|dev)\s*[,:}]|['"](?:ino|dev)['"]/, `src/${file}`);
  }
  const identity = readFileSync(join(SRC, 'adapters/fs/identity.ts'), 'utf8');
  assert.doesNotMatch(identity, /\bStats\b|\bNumber\(/);
});

test('only test/support/needs.ts skips tests, so that WHISPER_TESTS=complete forbids it', () => {
  const root = resolve(SRC, '..');
  for (const folder of ['test', 'grammar-tests']) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => each.endsWith('.ts') && !each.startsWith('support/needs.'))) {
      const code = readFileSync(join(root, folder, name), 'utf8').replaceAll(
        /\/\*[^]*?\*\/|\/\/.*|^import .*|'[^'\n]*'/gm,
        '',
      );
      assert.doesNotMatch(code, /\bskip\b(?!\(t, )|\.(?:todo|only)\b|\bgetuid\b/, `${folder}/${name}`);
    }
  }
});

test('no file imports itself through others, types included', () => {
  const imported = new Map<string, readonly string[]>();
  for (const file of sources) {
    const own = imports.filter((each) => each.file === file && each.target.startsWith('.'));
    imported.set(
      file,
      own.map(({ target }) => relative(SRC, resolve(SRC, dirname(file), target))),
    );
  }
  const done = new Set<string>();
  const follow = (file: string, path: readonly string[]): void => {
    const from = path.indexOf(file);
    assert.equal(from, -1, [...path.slice(from), file].join(' → '));
    if (done.has(file)) return;
    for (const each of imported.get(file) ?? []) follow(each, [...path, file]);
    done.add(file);
  };
  for (const file of sources) follow(file, []);
});

test('no file is long', () => {
  for (const file of sources) {
    const lines = readFileSync(join(SRC, file), 'utf8').split('\n').length - 1;
    assert.ok(lines <= 250, `src/${file} has ${lines} lines`);
  }
});

test('folders hold few files, and ARCHITECTURE.md says what is in each', () => {
  const page = readFileSync(resolve(SRC, '../ARCHITECTURE.md'), 'utf8');
  const commands = readdirSync(join(SRC, 'commands'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const shared = new Set(['session', 'plan', 'apply', 'watch']);
  const folders = new Map<string, number>();
  for (const file of sources) folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1);
  for (const [folder, files] of folders) {
    assert.ok(files <= 16, `src/${folder} has ${files} files`);
    const isCommand = commands.some(({ name }) => folder === `commands/${name}` && !shared.has(name));
    if (folder !== '.' && !isCommand) assert.ok(page.includes(`| \`src/${folder}\` `), `src/${folder}`);
  }
  for (const [, path = ''] of page.matchAll(/`(?:src\/)?((?:adapters|commands|core|cli)\/[a-z/-]+\.ts)`/g))
    assert.ok(sources.includes(path), path);
});
