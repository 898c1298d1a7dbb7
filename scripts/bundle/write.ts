import { build, transform, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';

// Makes dist/bin, the program as it is released. Loading is most of the time that a command takes, so that what every command
// needs is one file, program.cjs, and what only some need is in files of their own: a file more costs as much as 10 KB, and
// CommonJS starts sooner than modules do. esbuild splits modules only; its parts are put together here. main.cjs starts it.
// With the argument `fault-points` it makes dist/bin-fault-points, which differs only in that a test can end it at those points.

const ROOT = resolve(import.meta.dirname, '../../..');
const HAS_FAULT_POINTS = process.argv[2] === 'fault-points';
const SUFFIX = HAS_FAULT_POINTS ? '-fault-points' : '';
const PARTS = join(ROOT, `dist/parts${SUFFIX}`);
const BIN = join(ROOT, `dist/bin${SUFFIX}`);
const MAIN = 'main.js';
const MANIFEST = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { imports: Record<string, string> };

const COMMON: BuildOptions = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  supported: { 'dynamic-import': false },
  define: {
    'import.meta.url': '__filename',
    'import.meta.filename': '__filename',
    ...(!HAS_FAULT_POINTS && { 'process.env.WHISPER_FAULT_POINT': 'undefined' }),
  },
  // They bring binaries, or files beside themselves.
  external: ['fs-native-extensions', 'pino'],
  logLevel: 'warning',
};

/** Layout and names are half of a program. Its lines stay short, because errors that are reported have their numbers. */
const MINIFIED = { minify: true, lineLimit: 120 } as const;

/** Of undici, what makes requests without a body by HTTP/1: loading it whole takes 125 ms in place of 30. */
const REDUCED_UNDICI: Plugin = {
  name: 'reduced undici',
  setup: (esbuild) => {
    // It has its parser twice, for processors with and without SIMD, and takes this one where the other cannot be compiled.
    esbuild.onResolve({ filter: /\/llhttp_simd-wasm\.js$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, '../llhttp/llhttp-wasm.js'),
    }));
    // It names a proxy at an IP address as the TLS server, which Node 26 refuses; without a name it uses the host, if that has one.
    esbuild.onLoad({ filter: /\/undici\/lib\/dispatcher\/proxy-agent\.js$/ }, async ({ path }) => {
      const [before, after, ...more] = (await readFile(path, 'utf8')).split('?.servername || proxyHostname');
      if (before === undefined || after === undefined || more.length > 0) throw new Error(`${path} is another one`);
      return { contents: `${before}?.servername${after}` };
    });
    const unused = /\/(?:client-h2|web\/fetch\/body)\.js$/;
    esbuild.onResolve({ filter: unused }, ({ path }) => ({ path, namespace: 'unused' }));
    esbuild.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: '' }));
    esbuild.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: 'reduced' }));
    esbuild.onLoad({ filter: /^undici$/, namespace: 'reduced' }, () => ({
      contents: `
        exports.Agent = require('undici/lib/dispatcher/agent.js');
        exports.Pool = require('undici/lib/dispatcher/pool.js');
        exports.ProxyAgent = require('undici/lib/dispatcher/proxy-agent.js');
        // The package adds its methods to all dispatchers; this is the one that a proxy agent opens its tunnels with.
        require('undici/lib/dispatcher/dispatcher.js').prototype.connect = require('undici/lib/api/api-connect.js');`,
      resolveDir: ROOT,
    }));
  },
};

/** Modules of Node that load many others. They are loaded when one of their functions is first called. */
const LAZY_MODULES: Plugin = {
  name: 'lazy modules of Node',
  setup: (esbuild) => {
    // Packages also take from them what is not a function.
    esbuild.onResolve({ filter: /^node:(?:fs\/promises|timers\/promises|v8)$/ }, ({ path, importer }) =>
      importer.includes('node_modules') ? undefined : { path, namespace: 'lazy' },
    );
    esbuild.onLoad({ filter: /./, namespace: 'lazy' }, async ({ path }) => {
      const functions = Object.entries((await import(path)) as Record<string, unknown>)
        .filter(([name, value]) => typeof value === 'function' && name !== 'default')
        .map(([name]) => `export const ${name} = (...given) => process.getBuiltinModule('${path}').${name}(...given);`);
      return { contents: functions.join('\n') };
    });
  },
};

const TARGET = { platform: 'neutral', target: 'node20', supported: { 'dynamic-import': false } } as const;

/** The functions that a converted file calls. Half a kilobyte in each is more than all of them once. */
const HELPERS = ['__export', '__toESM', '__toCommonJS'];
const helpers = split(await toCommonJs("import x from 'x'; export { x }; export const y = () => import('y');"));

const { metafile } = await build({
  ...COMMON,
  entryPoints: ['src/main.ts'],
  format: 'esm',
  splitting: true,
  supported: {},
  outdir: PARTS,
  chunkNames: '[name]-[hash]',
  plugins: [REDUCED_UNDICI, LAZY_MODULES],
  metafile: true,
});
const first = neededBy(MAIN, metafile);
await mkdir(BIN, { recursive: true });
const program = await putTogether();
await Promise.all([
  single('src/adapters/hash/hash-worker.ts', 'hash-worker.cjs'),
  writePart(MAIN, program),
  writePart(
    'helpers.js',
    (await transform(`${helpers.head}module.exports = { ${HELPERS.join(', ')} };`, { ...TARGET, ...MINIFIED })).code,
  ),
  ...['start', 'make-code-cache'].map((name) => single(`scripts/bundle/${name}.ts`, `${name}.cjs`, program)),
  // For those who tell whose code is in it.
  writeFile(join(PARTS, 'metafile.json'), JSON.stringify(metafile)),
  ...later(metafile).map(convert),
  ...['download', 'prune', 'list'].map((command) =>
    writeFile(join(BIN, `whisper-${command}.cjs`), `#!/usr/bin/env node\nrequire('./main.cjs');\n`, {
      mode: 0o755,
    }),
  ),
]);

/** A file of its own. The cache of the program is named after its text, so that one of another text is never taken. */
async function single(entryPoint: string, name: string, text = ''): Promise<void> {
  const cache = `program-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  const isStart = name === 'start.cjs';
  const outfile = join(BIN, isStart ? 'main.cjs' : name);
  await build({
    ...COMMON,
    define: { ...COMMON.define, 'process.env.WHISPER_CODE_CACHE': JSON.stringify(cache) },
    entryPoints: [entryPoint],
    format: 'cjs',
    ...MINIFIED,
    outfile,
    ...(isStart && { banner: { js: '#!/usr/bin/env node' } }),
  });
  if (isStart) await chmod(outfile, 0o755);
}

/** What is loaded whenever a part is, and it too. */
function neededBy(part: string, { outputs }: Metafile, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(part)) return known;
  known.add(part);
  const output = Object.entries(outputs).find(([path]) => basename(path) === part)?.[1];
  for (const { path, kind, external } of output?.imports ?? [])
    if (kind === 'import-statement' && external !== true) neededBy(basename(path), { inputs: {}, outputs }, known);
  return known;
}

/** The parts that files of their own are made of: what is not needed at once, and what is asked for by its name. */
function later({ outputs }: Metafile): readonly string[] {
  return Object.entries(outputs)
    .filter(([path, { entryPoint }]) => entryPoint !== undefined || !first.has(basename(path)))
    .map(([path]) => basename(path))
    .filter((part) => part !== MAIN);
}

/** The parts that are always needed in one file, which hands them to the others by their names. */
async function putTogether(): Promise<string> {
  const names = [...first].filter((part) => part !== MAIN);
  const { outputFiles } = await build({
    ...COMMON,
    stdin: {
      contents: [
        ...names.map((part) => `export * as ${nameOf(part)} from './${part}';`),
        `export { main } from './${MAIN}';`,
      ].join('\n'),
      resolveDir: PARTS,
    },
    format: 'cjs',
    ...MINIFIED,
    write: false,
    plugins: [
      {
        name: 'later parts',
        setup: (esbuild) => {
          // What is imported while the program runs stays outside, whatever it is: esbuild would put each part into a function.
          esbuild.onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, kind }) =>
            kind === 'import-statement' ? undefined : { path: released(path), external: true },
          );
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

async function convert(part: string): Promise<void> {
  const { head, own } = split(await toCommonJs(await readFile(join(PARTS, part), 'utf8')));
  const isOther = head.split(/\n(?=var )/).some((each) => !helpers.head.includes(each.trim()));
  if (isOther) throw new Error(`esbuild begins ${part} in another way`);
  const used = HELPERS.filter((name) => head.includes(`var ${name} =`));
  const shared = `var { ${used.join(', ')} } = require("./helpers.js");\n${own}`;
  const { code } = await transform(shared, { ...TARGET, format: 'cjs', ...MINIFIED });
  const text = code.replace(/require\("\.\/([^"]+)"\)/g, (whole, name: string) =>
    first.has(name) ? `require("./${released(MAIN)}").${nameOf(name)}` : released(whole),
  );
  await writePart(part, text);
}

/** A module as CommonJS, without the names of its exports for other modules: only the program loads it. */
async function toCommonJs(source: string): Promise<string> {
  return (await transform(source, { ...TARGET, format: 'cjs', legalComments: 'none' })).code;
}

/** What esbuild puts before each file that it converts, and the file itself. */
function split(code: string): { readonly head: string; readonly own: string } {
  const at = code.indexOf('var stdin_exports = {};');
  if (at < 0) throw new Error('esbuild converts a module in another way');
  return { head: code.slice(0, at), own: code.slice(at) };
}

/** Writes a part of the release. Where a file of the package lies is said at once: Node takes milliseconds to look it up. */
async function writePart(part: string, text: string): Promise<void> {
  const { imports } = MANIFEST;
  const settled = text.replace(/"(#[\w-]+)"/g, (whole, name: string) =>
    Object.hasOwn(imports, name) ? JSON.stringify(fromBin(imports[name] ?? '')) : whole,
  );
  await writeFile(join(BIN, released(part)), settled);
}

function fromBin(path: string): string {
  const found = relative(BIN, join(ROOT, path));
  return found.startsWith('.') ? found : `./${found}`;
}

/** A part is a module, and `.js` is one in this package; what it becomes is none. */
function released(part: string): string {
  return part === MAIN ? 'program.cjs' : part.replace(/\.js(?="\)$|$)/, '.cjs');
}

function nameOf(part: string): string {
  return part.replace(/\W/g, '_');
}
