import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PROGRAMS } from '../../src/core/completion/scripts.ts';
import { missingPrograms, needs } from '../support/needs.ts';
import { sharedFlake, type NixFlake } from '../support/nix-flake.ts';
import { archives, cacheLacks } from '../support/npm-cache.ts';

const MODEL = 'ggml-base.en-q5_1.bin';
/** The archives that `npm pack` brings here; it takes half a second for each, so the others are in the store from the start. */
const PACKED = new Set(['chokidar', '@pinojs/redact', 'path-key']);
const needsCache = needs(missingPrograms(['nix', 'nix-instantiate']), cacheLacks());

const flake = sharedFlake({ builds: true });

/** Puts the archives of packages into the store, where `npm pack` would put the same. */
async function seed(nix: NixFlake): Promise<void> {
  const known = archives().filter(({ name }) => !PACKED.has(name));
  const files = known.map(({ name, version, path }) => {
    const file = `archives/${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    nix.scratch.write(file, readFileSync(path));
    return `'${file}'`;
  });
  await nix.out(`nix-store --add-fixed sha512 ${files.join(' ')}`, { cwd: nix.scratch.path });
}

test('the program is built from package-lock.json, which has no addresses', needsCache, async () => {
  const nix = flake();
  await seed(nix);
  const program = await nix.build('.');
  assert.deepEqual(readdirSync(join(program, 'bin')), [
    'whisper',
    'whisper-download',
    'whisper-list',
    'whisper-manager',
    'whisper-models',
    'whisper-prune',
  ]);
  const packed = (await nix.out('ls "$NIX_STATE_DIR/../store"')).match(
    /-(?:chokidar-|pinojs-redact-|path-key-).*\.tgz$/gm,
  );
  assert.equal(packed?.length, 4, 'two versions of path-key');
});

test('the compiled files are those of the source, and nothing compiles them again', needsCache, async () => {
  const nix = flake();
  const installed = join(await nix.build('.'), 'lib/node_modules/whisper-models');
  assert.deepEqual(readdirSync(join(installed, 'wasm')), ['nix-parser.wasm']);
  const native = readdirSync(join(nix.path, 'native')).filter((name) => name.endsWith('.node'));
  assert.deepEqual(readdirSync(join(installed, 'native')), native);
  for (const file of ['wasm/nix-parser.wasm', ...native.map((name) => `native/${name}`)])
    assert.deepEqual(readFileSync(join(installed, file)), readFileSync(join(nix.path, file)), file);
  const cached = readdirSync(join(installed, 'dist/bin')).filter((name) => name.endsWith('.cache'));
  assert.equal(cached.length, 1, 'what V8 keeps of compiling the program');
  const inputs = await nix.out('nix-store --query --requisites "$(nix eval --raw .#whisper.drvPath)"');
  assert.match(inputs, /-nodejs\.drv$/m);
  assert.doesNotMatch(inputs, /-(?:clang|gcc|python\d?|node-gyp|tree-sitter)\b/);
});

test('the manual page is where man looks for it', needsCache, async () => {
  const nix = flake();
  const { version } = JSON.parse(nix.read('package.json')) as { version: string };
  const program = await nix.build('.');
  assert.deepEqual(readdirSync(join(program, 'share/man')), ['man1']);
  assert.deepEqual(readdirSync(join(program, 'share/man/man1')), ['whisper.1']);
  const page = readFileSync(join(program, 'share/man/man1/whisper.1'), 'utf8');
  assert.match(page, new RegExp(String.raw`^\.TH WHISPER 1 \S+ "whisper ${version.replaceAll('.', String.raw`\.`)}"`));
});

test('the closure of the program contains only Node.js', needsCache, async () => {
  const nix = flake();
  const { version } = JSON.parse(nix.read('package.json')) as { version: string };
  const closure = await nix.out(`nix-store --query --requisites ${await nix.build('.')}`);
  assert.deepEqual(
    closure
      .trim()
      .replaceAll(/^.*?\/[a-z0-9]{32}-/gm, '')
      .split('\n')
      .toSorted(),
    ['nodejs', `whisper-models-${version}`],
  );
});

test('the program reads the list with its own parser, by each of its names', needsCache, async () => {
  const nix = flake();
  const program = await nix.build('.#whisper');
  for (const line of ['whisper list', 'whisper-manager list', 'whisper-list']) {
    const { registry } = JSON.parse(await nix.out(`${program}/bin/${line} --json --no-eval --models-dir models`)) as {
      registry: object;
    };
    assert.deepEqual(registry, { file: join(nix.path, 'nix/whisper-manager.nix'), source: 'static', active: [MODEL] });
  }
  const pruned = await nix.out(`${program}/bin/whisper-prune --json --models-dir models`);
  assert.deepEqual(JSON.parse(pruned).removed, []);
  for (const command of ['download', 'prune']) {
    assert.match(
      await nix.out(`${program}/bin/whisper-${command} --help`),
      new RegExp(`^Usage: whisper ${command} `, 'm'),
    );
  }
});

test('the completion of each shell is where that shell looks for it', needsCache, async () => {
  const nix = flake();
  const program = await nix.build('.#whisper');
  const places = {
    bash: ['bash-completion/completions', (name: string) => name],
    zsh: ['zsh/site-functions', () => '_whisper'],
    fish: ['fish/vendor_completions.d', (name: string) => `${name}.fish`],
  } as const;
  for (const [shell, [folder, fileOf]] of Object.entries(places)) {
    const files = [...new Set(PROGRAMS.map(fileOf))];
    assert.deepEqual(readdirSync(join(program, 'share', folder)), files.toSorted());
    const script = await nix.out(`${program}/bin/whisper completions ${shell}`);
    for (const file of files) assert.equal(readFileSync(join(program, 'share', folder, file), 'utf8'), script, file);
  }
});

test('nix run runs it, and nix flake check asks it for the list', needsCache, async () => {
  const nix = flake();
  assert.match(await nix.out('nix run . -- list --models-dir models'), /^. base\.en-q5_1 /m);
  await nix.out('nix flake check');
  const checks = nix.read('nix/checks.nix').replace('./whisper-manager.nix', './computed.nix');
  nix.scratch.write('whisper/nix/checks.nix', checks);
  nix.scratch.write('whisper/nix/computed.nix', `{ pkgs }: { activeModels = map (name: name) [ "${MODEL}" ]; }`);
  const { code, stderr } = await nix.sh('nix flake check');
  assert.notEqual(code, 0);
  assert.match(stderr, /whisper-list-check\.drv' failed/);
});

test('files that are not part of the program do not rebuild it', needsCache, async () => {
  const nix = flake();
  const before = await nix.out('nix eval --raw .#whisper.drvPath');
  for (const file of [
    'README.md',
    'nix/README.md',
    'nix/rust-env.nix',
    'test/e2e/new.test.ts',
    'CHANGELOG.md',
    'wasm/nix-parser.c',
    'native/file-writers.c',
  ]) {
    nix.scratch.write(`whisper/${file}`, '{ pkgs }: { }');
  }
  assert.equal(await nix.out('nix eval --raw .#whisper.drvPath'), before);
  for (const file of ['src/new.ts', 'wasm/nix-parser.wasm']) {
    const old = await nix.out('nix eval --raw .#whisper.drvPath');
    nix.scratch.write(`whisper/${file}`, '');
    assert.notEqual(await nix.out('nix eval --raw .#whisper.drvPath'), old, file);
  }
});
