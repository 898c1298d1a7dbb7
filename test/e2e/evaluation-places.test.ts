import assert from 'node:assert/strict';
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { holdLock } from '../support/held-lock.ts';
import { hubProject } from '../support/hub-project.ts';
import { countingNix, needsNix, withNix } from '../support/nix.ts';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';
const env = { ...withNix(), WHISPER_MODELS_PATH: '' };
const LIST = `activeModels = map (x: x) [ "${TINY}" ];`;

/** Of two places, the second is that of Nix before 2.20, which has no position for `throw`. */
const places: readonly [name: string, text: string, place: string | readonly string[], neighbour?: string][] = [
  [
    'far from the list',
    '{ pkgs }:\nlet\n  y = 1\n    + "a";\nin { activeModels = [ (toString y) ]; }',
    'whisper-manager.nix:4:7',
  ],
  [
    'behind letters of several bytes',
    'let\n y = "ä😀" + (1 + "a");\nin { activeModels = [ y ]; }',
    'whisper-manager.nix:2:18',
  ],
  ['in a file of Windows', 'let\r\n y = 1 + "a";\r\nin { activeModels = [ y ]; }', 'whisper-manager.nix:2:10'],
  [
    'in the trace only',
    'let\n f = x: throw "b";\nin { activeModels = map f [ 1 ]; }',
    ['whisper-manager.nix:2:9', 'whisper-manager.nix:2:6'],
  ],
  [
    'in a let that the result hides',
    'let\n activeModels = [ (f 1) ];\n f = x:\n   x + "a"; in { }',
    'whisper-manager.nix:4:8',
  ],
  [
    'behind a body',
    'rec {\n w = let activeModels = [ (f 1) ]; in {\n\n\n};\n f = x:\n  x + "a"; }',
    'whisper-manager.nix:7:7',
  ],
  ['in a neighbour', '{ activeModels = import ./m.nix; }', 'm.nix:2:15', '[ "ä"\n  ("ä" + (1 + "a")) ]'],
];
for (const [name, text, place, neighbour] of places) {
  test(`an error has its place: ${name}`, needsNix, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(text);
    if (neighbour !== undefined) scratch.write('nix/m.nix', neighbour);
    const ran = await scratch.run(['list', '--json'], { env });
    const { file, line, column } = jsonError(ran)['place'] as { file: string; line: number; column: number };
    const expected = [place].flat().map((each) => join(scratch.path, 'nix', each));
    assert.ok(expected.includes(`${file}:${line}:${column}`), ran.stdout);
    const { stderr } = await scratch.run(['list'], { env });
    assert.match(
      stderr,
      /^whisper: activeModels cannot be evaluated .*\n {2}\/.*\n {2}\d+ \| .*\n.*\^\n {2}[A-Z].*\n$/,
    );
  });
}

const dirs: readonly [name: string, text: string, path: string, neighbour?: string][] = [
  ['the environment', `{ ${LIST} modelsDir = builtins.head [ (builtins.getEnv "OWN_MODELS_DIR") ]; }`, '/srv/own'],
  [
    'the environment, in the style of the seed',
    `let e = builtins.getEnv "OWN_MODELS_DIR"; in { ${LIST} modelsDir = if builtins.stringLength e > 0 then e else "/x"; }`,
    '/srv/own',
  ],
  [
    'an unset variable',
    `{ ${LIST} modelsDir = "/srv" + builtins.substring 0 9 (builtins.getEnv "NONE_HOME"); }`,
    '/srv',
  ],
  [
    'the environment in a neighbour',
    `{ ${LIST} modelsDir = import ./m.nix; }`,
    '/srv/own',
    'builtins.getEnv "OWN_MODELS_DIR"',
  ],
  ['a path', `{ ${LIST} modelsDir = ./models; }`, 'HERE/nix/models'],
  ['the home directory', `{ ${LIST} modelsDir = builtins.head [ "~/m" ]; }`, 'HERE/m'],
  ['a let', `let ${LIST} modelsDir = builtins.head [ "/srv" ]; in { }`, '/srv'],
  ['a side of //', `import ./m.nix // { activeModels = [ "${TINY}" ]; }`, '/srv/m', '{ modelsDir = "/srv/m"; }'],
  ['the other side', `{ activeModels = [ "${TINY}" ]; } // import ./m.nix`, '/srv/m', '{ modelsDir = "/srv/m"; }'],
  [
    'a side without it',
    `import ./m.nix // { activeModels = [ "${TINY}" ]; }`,
    'HERE/.local/share/whisper/models',
    '{ }',
  ],
  ['a neighbour as a whole', 'import ./m.nix', '/srv/m', `{ ${LIST} modelsDir = "/srv/m"; }`],
];
for (const [name, text, path, neighbour] of dirs) {
  test(`a models directory is computed from ${name}`, needsNix, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(text);
    if (neighbour !== undefined) scratch.write('nix/m.nix', neighbour);
    const ran = await scratch.run(['list', '--json'], { env: { ...env, OWN_MODELS_DIR: '/srv/own' } });
    assert.equal(ran.code, 0, ran.stdout);
    assert.equal(JSON.parse(ran.stdout).modelsDir, path.replace('HERE', scratch.path));
  });
}

const unknown: readonly [text: string, says: RegExp, place: RegExp][] = [
  [`{ ${LIST}\n modelsDir = throw "dir"; }`, /^modelsDir cannot be evaluated .*: Nix says: dir$/, /:2:/],
  [`{ ${LIST}\n modelsDir =\n  toString (1 + "a"); }`, /^modelsDir cannot be evaluated/, /:3:17$/],
  [`{ ${LIST}\n modelsDir = 1 + 2; }`, /^modelsDir is a number, not a path$/, /:2:14$/],
  [
    `{ activeModels = [ "${TINY}" ];\n modelsDir = map (x: x) [ "/a" ]; }`,
    /^modelsDir is a list, not a path$/,
    /:2:14$/,
  ],
  [`{ pkgs }: { ${LIST}\n modelsDir = pkgs.x; }`, /^modelsDir cannot be evaluated .* needs pkgs/, /:2:/],
  [`{ activeModels = [ "${TINY}" ];\n modelsDir = ~/m; }`, /^modelsDir cannot be evaluated .* uses ~\/m/, /:2:14$/],
];
for (const [text, says, place] of unknown) {
  test(
    `a models directory that cannot be read is refused: ${JSON.stringify(text.split('\n')[1])}`,
    needsNix,
    async (t) => {
      const scratch = Scratch.create(t);
      scratch.writeRegistry(text);
      const ran = await scratch.run(['prune', '--json'], { env });
      const {
        code,
        message,
        place: at,
      } = jsonError(ran) as { code: string; message: string; place: { line: number; column: number } };
      assert.deepEqual([ran.code, code], [3, 'models-dir-unknown'], ran.stdout);
      assert.match(message, says);
      assert.match(`:${at.line}:${at.column}`, place);
      assert.equal((await scratch.run(['prune', '--models-dir', scratch.models], { env })).code, 0);
    },
  );
}

test('links and folders with odd names', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  const odd = 'a b"c\'${x}\\ü😀';
  const target = scratch.write(`${odd}/x.nix`, '{ activeModels = import ./m.nix; }');
  scratch.write(`${odd}/m.nix`, `if builtins.pathExists ./x.nix then [ "${TINY}" ] else [ ]`);
  symlinkSync(target, join(scratch.path, 'link.nix'));
  symlinkSync(odd, join(scratch.path, 'folder'));
  for (const file of [target, 'link.nix', 'folder/x.nix']) {
    const ran = await scratch.run(['list', '--json', '--file', file], { env: withNix() });
    assert.deepEqual(JSON.parse(ran.stdout).registry?.active, [TINY], ran.stdout);
  }
});

test('a registry that was noted by the name of a folder that is a link now is asked once', needsNix, async (t) => {
  const { scratch, run } = await hubProject(t, { [TINY]: 40 });
  const old = scratch.write('old/x.nix', `{ ${LIST} modelsDir = toString ../models; }`);
  const { env: counting, calls } = countingNix(scratch);
  const options = { env: { ...counting, WHISPER_MODELS_PATH: '' } };
  scratch.write('models/.keep', '');
  assert.equal((await run(['prune', '-f', old], options)).code, 0);
  renameSync(join(scratch.path, 'old'), join(scratch.path, 'new'));
  symlinkSync('new', join(scratch.path, 'old'));
  const ran = await run(['prune', '-f', join(scratch.path, 'new', 'x.nix')], options);
  assert.deepEqual([ran.code, calls()], [0, 2], ran.stderr);
});

test(
  'a process that waited for the lock evaluates again, because imported files may have changed',
  needsNix,
  async (t) => {
    const { scratch, run, models } = await hubProject(
      t,
      { [TINY]: 40, [BASE]: 50 },
      '{ activeModels = import ./m.nix; }',
    );
    scratch.write('nix/m.nix', `[ "${TINY}" ]`);
    for (const [name, { content }] of Object.entries(models)) scratch.writeModel(name, content);
    const release = await holdLock(scratch.models);
    const delay = async (): Promise<void> => {
      scratch.write('nix/m.nix', `[ "${TINY}" "${BASE}" ]`);
      await release();
    };
    const ran = await run(['prune', '--wait', '10', '--json'], { env: withNix(), delay });
    assert.deepEqual([ran.code, JSON.parse(ran.stdout).kept], [0, [BASE, TINY]], ran.stdout);
    assert.deepEqual(scratch.modelNames(), [BASE, TINY]);
  },
);

test('a modelsDir behind an undecided assert is evaluated by Nix', needsNix, async (t) => {
  const scratch = Scratch.create(t);
  const bindings = `modelsDir = "${scratch.models}"; c = 1 == 1;`;
  const file = scratch.write('x.nix', `let ${bindings} in assert c; { inherit modelsDir; ${LIST} }`);
  const ran = await scratch.run(['list', '--json', '--file', file], { env: { ...withNix(), WHISPER_MODELS_PATH: '' } });
  assert.equal(JSON.parse(ran.stdout).modelsDir, scratch.models, ran.stdout);
});
