import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { needsNix, withNix } from '../support/nix.ts';
import { Scratch, type Ran } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const SECRET = 'hf_secret';
const LIST = 'activeModels = [ ];';

/** Values of modelsDir that read a variable; HERE is the scratch folder. The second line has the call. */
const values: readonly [name: string, value: string, neighbour?: string][] = [
  ['an interpolation', '"HERE/x-${\nbuiltins.getEnv "HF_TOKEN"}"'],
  ['a sum', '"HERE/x-" +\nbuiltins.getEnv "HF_TOKEN"'],
  ['a condition', 'if\nbuiltins.getEnv "HF_TOKEN" == "guess" then "HERE/x-yes" else "HERE/x-no"'],
  ['a name that is put together', 'let t = "TOKEN"; in "HERE/x-" +\nbuiltins.getEnv ("HF_" + t)'],
  ['a name that ends in a name of the list', '"HERE/x-" +\nbuiltins.getEnv "NOT_HOME_TOKEN"'],
];
const evaluated: typeof values = [
  ['with', 'with builtins; "HERE/x-${\ngetEnv "HF_TOKEN"}"'],
  ['inherit', 'let inherit (builtins) getEnv; in "HERE/x-" +\ngetEnv "HF_TOKEN"'],
  ['another name', '"HERE/x-" +\n__getEnv "HF_TOKEN"'],
  ['a function', 'builtins.concatStringsSep "" [ "HERE/x-"\n(builtins.getEnv "HF_TOKEN") ]'],
  ['the builtins of the builtins', '"HERE/x-" +\nbuiltins.builtins.getEnv "HF_TOKEN"'],
  ['tryEval', 'if\n(builtins.tryEval (builtins.getEnv "HF_TOKEN")).success then "HERE/x-yes" else "HERE/x-no"'],
  ['a neighbour', 'import ./m.nix', '"HERE/x-" +\nbuiltins.getEnv "HF_TOKEN"'],
];

/** Runs a command with a token among the variables, and no models directory but that of the registry. */
async function runIn(scratch: Scratch, value: string, args: readonly string[], env = {}): Promise<Ran> {
  scratch.writeRegistry(`{ ${LIST} modelsDir = ${value.replaceAll('HERE', scratch.path)}; }\n`);
  const variables = { HF_TOKEN: SECRET, NOT_HOME_TOKEN: SECRET, WHISPER_MODELS_PATH: '', ...env };
  return scratch.run(args, { env: variables });
}

function assertRefused(scratch: Scratch, ran: Ran): void {
  const error = jsonError(ran) as {
    code: string;
    message: string;
    hint: string;
    place: { file: string; line: number };
  };
  assert.deepEqual([ran.code, error.code], [3, 'models-dir-unknown'], ran.stdout);
  assert.match(error.message, /(HF_TOKEN|NOT_HOME_TOKEN), which is not allowed$/);
  assert.match(error.hint, /HOME, USER, TMPDIR, .*_MODELS_PATH, _MODELS_DIR or _HOME/);
  assert.equal(error.place.line, 2);
  assert.doesNotMatch(ran.stdout + ran.stderr, /hf_secret/);
  assert.deepEqual(
    readdirSync(scratch.path).filter((name) => name.startsWith('x-')),
    [],
  );
}

for (const [name, value] of values) {
  test(`a variable that locates no folder is refused by the text alone: ${name}`, async (t) => {
    const scratch = Scratch.create(t);
    for (const command of ['list', 'prune', 'sync', 'env'])
      assertRefused(scratch, await runIn(scratch, value, [command, '--no-eval', '--json']));
    const { code, stdout } = await runIn(scratch, value, ['list', '--models-dir', scratch.models]);
    assert.equal(code, 0, stdout);
  });
}

for (const [name, value, neighbour] of [...values, ...evaluated]) {
  test(`a variable that locates no folder is refused where Nix is asked: ${name}`, needsNix, async (t) => {
    const scratch = Scratch.create(t);
    if (neighbour !== undefined) scratch.write('nix/m.nix', neighbour.replaceAll('HERE', scratch.path));
    assertRefused(scratch, await runIn(scratch, value, ['sync', '--json'], withNix()));
  });
}

const listed = ['HOME', 'USER', 'TMPDIR', 'XDG_DATA_HOME', 'WHISPER_MODELS_PATH', 'TALKS_MODELS_DIR', 'TALKS_HOME'];
for (const variable of listed) {
  test(`modelsDir may read ${variable}, by its text and by Nix`, needsNix, async (t) => {
    const scratch = Scratch.create(t);
    const path = `${scratch.path}/place`;
    for (const value of [`"\${builtins.getEnv "${variable}"}/m"`, `with builtins; getEnv "${variable}" + "/m"`]) {
      const ran = await runIn(scratch, value, ['list', '--json'], { ...withNix(), [variable]: path });
      assert.equal(ran.code, 0, ran.stdout);
      // The variable that names the models directory overrides what the registry says.
      const expected = variable === 'WHISPER_MODELS_PATH' ? path : `${path}/m`;
      assert.equal(JSON.parse(ran.stdout).modelsDir, expected);
    }
  });
}
