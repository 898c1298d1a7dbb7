import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize, resolve } from 'node:path';
import { test } from 'node:test';
import { licensesText, packageFolders } from '../../scripts/third-party/licenses.ts';
import { Scratch } from '../support/scratch.ts';
import { assertPacked } from './packed-files.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly man: readonly string[];
  readonly bin: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
};

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

function pack(t: { after(end: () => void): void }): Packed {
  const home = Scratch.create(t).path;
  const { stdout, stderr, status } = spawnSync('npm', ['pack', '--json', '--dry-run', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, npm_config_cache: join(home, 'cache') },
  });
  assert.equal(status, 0, stderr);
  const [packed] = Object.values(JSON.parse(stdout) as Readonly<Record<string, Packed>>);
  assert.ok(packed);
  return packed;
}

test('the package holds what it takes to run, and nothing else', (t) => {
  const { files, unpackedSize } = pack(t);
  assertPacked(files.map(({ path }) => path));
  assert.ok(unpackedSize <= 1_200_000, `${unpackedSize} bytes`);
});

test('in a clone without npm packages, npm pack says to run npm ci first', (t) => {
  const clone = Scratch.create(t);
  clone.write('package.json', readFileSync(join(ROOT, 'package.json')));
  clone.write('dist/kept', '');
  const { status, stderr } = spawnSync('npm', ['pack'], {
    cwd: clone.path,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: clone.path, npm_config_cache: join(clone.path, 'cache') },
  });
  assert.notEqual(status, 0);
  assert.match(stderr, /^The npm packages are not installed: run npm ci, then the same command again\.$/m);
  assert.ok(clone.exists('dist/kept'));
});

test('whatever the manifest names is in the package', (t) => {
  const { files } = pack(t);
  const modes = new Map(files.map(({ path, mode }) => [path, mode]));
  const named = [...manifest.man, ...Object.values(manifest.bin), ...Object.values(manifest.imports)].map(normalize);
  assert.ok(named.length > 8);
  assert.ok(Array.isArray(manifest.man), 'npm links only to pages in a list');
  for (const path of named) assert.ok(modes.has(path), path);
  for (const path of Object.values(manifest.bin)) assert.equal((modes.get(normalize(path)) ?? 0) & 0o111, 0o111, path);
});

test('nothing is run or compiled where the package is installed', () => {
  const { scripts } = manifest;
  for (const name of ['preinstall', 'install', 'postinstall']) assert.equal(scripts[name], undefined, name);
  assert.ok(!existsSync(join(ROOT, 'binding.gyp')), 'npm would run node-gyp');
});

test('a program of the package loads no file that is not in it', (t) => {
  const paths = new Set(pack(t).files.map(({ path }) => path));
  const bundles = [...paths].filter((path) => path.endsWith('.cjs'));
  for (const path of bundles) {
    const text = readFileSync(join(ROOT, path), 'utf8');
    for (const [, target = ''] of text.matchAll(/\brequire\("(\.[^"]+)"\)/g)) {
      const file = normalize(join('dist/bin', target));
      assert.ok(paths.has(file), `${path} loads ${target}`);
    }
    assert.doesNotMatch(text, /^\/\/# sourceMappingURL/m);
  }
});

test('the license of every package that is in the bundles is there', () => {
  const text = readFileSync(join(ROOT, 'dist/bin/THIRD-PARTY-LICENSES'), 'utf8');
  for (const name of ['chokidar', 'readdirp', 'execa', 'cross-spawn', 'human-signals', 'undici']) {
    const folder = join(ROOT, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    const license = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each)) ?? '';
    assert.match(text, new RegExp(`^${name} ${version}$`, 'm'));
    assert.ok(text.includes(readFileSync(join(folder, license), 'utf8').trim()), name);
  }
  for (const name of ['tree-sitter', 'tree-sitter-nix', 'ICU', 'wasi-libc'])
    assert.match(text, new RegExp(`^${name} \\d`, 'm'));
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'wasm/package.json'), 'utf8')) as {
    devDependencies: Record<string, string>;
  };
  for (const [name, version] of Object.entries(devDependencies))
    assert.match(text, new RegExp(`^${name} ${version}$`, 'm'));
  for (const name of ['esbuild', 'fast-check', 'typescript']) assert.doesNotMatch(text, new RegExp(`^${name} `, 'm'));
});

test('the metadata of esbuild names the packages, also nested ones; equal licenses are listed once', () => {
  const inputs = {
    'src/main.ts': { bytesInOutput: 9 },
    'node_modules/a/index.js': { bytesInOutput: 1 },
    'node_modules/a/lib/more.js': { bytesInOutput: 1 },
    'node_modules/@scope/b/index.js': { bytesInOutput: 1 },
    'node_modules/a/node_modules/c/index.js': { bytesInOutput: 1 },
    'node_modules/unused/index.js': { bytesInOutput: 0 },
  };
  assert.deepEqual(packageFolders({ outputs: { 'x.js': { inputs }, 'y.js': { inputs } } }), [
    'node_modules/a',
    'node_modules/@scope/b',
    'node_modules/a/node_modules/c',
  ]);
  const text = licensesText([
    { name: 'a', version: '1.0.0', license: 'Do as you like.\r\n' },
    { name: 'b', version: '2.0.0', license: 'Do not.\n' },
    { name: 'c', version: '3.0.0', license: 'Do as you like.' },
  ]);
  assert.match(text, /^a 1\.0\.0\nc 3\.0\.0\n\nDo as you like\.$/m);
  assert.equal(text.match(/Do as you like/g)?.length, 1);
});
