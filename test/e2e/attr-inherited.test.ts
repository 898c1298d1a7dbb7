import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Scratch } from '../support/scratch.ts';
import { jsonError } from './wanted-model.ts';

const TINY = 'ggml-tiny.en.bin';
const LIST = `[ "${TINY}" ]`;

/** Files that give `whisper.activeModels` from elsewhere, beside a list that the text shows. */
const ELSEWHERE = [
  `{ inherit (import ./other.nix) whisper; x.whisper.activeModels = ${LIST}; }`,
  `let whisper.activeModels = ${LIST}; in { inherit (import ./other.nix) whisper; }`,
  `let whisper.activeModels = ${LIST}; f = x: { whisper.activeModels = x; }; in { inherit (f [ ]) whisper; }`,
  `let whisper = { activeModels = ${LIST}; }; in { \${"whis" + "per"} = (import ./other.nix).whisper; }`,
  `{ \${"whis" + "per"} = (import ./other.nix).whisper; x.whisper.activeModels = ${LIST}; }`,
  `let whisper = { activeModels = ${LIST}; }; in { inherit whisper; } // { whisper = { }; }`,
  `let whisper.activeModels = ${LIST}; in let whisper = (import ./other.nix).whisper; in { inherit whisper; }`,
  `let whisper.activeModels = ${LIST}; in assert 1 == 2; { inherit whisper; }`,
  `let whisper = { activeModels = ${LIST}; }; in { inherit whisper; } // (assert false; { })`,
];

for (const text of ELSEWHERE) {
  test(`a list that is not what an attribute path means is not read: ${text}`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(text);
    const ran = await scratch.run(['prune', '--no-eval', '--attr', 'whisper.activeModels', '--json']);
    assert.equal(ran.code, 3, ran.stdout);
    assert.match(String(jsonError(ran)['code']), /^registry-(computed|ambiguous)$/);
  });
}

test('a set with the list that is inherited is read', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry(`let whisper = { activeModels = ${LIST}; }; in { inherit whisper; }`);
  const ran = await scratch.run(['list', '--no-eval', '--attr', 'whisper.activeModels', '--json']);
  assert.deepEqual(JSON.parse(ran.stdout).registry.active, [TINY]);
});

test('a file of another mode in place of the saved texts of an edit is ignored', async (t) => {
  const scratch = Scratch.create(t);
  scratch.writeRegistry([TINY]);
  scratch.write('nix/.whisper-edit.json', '{"file":"whisper-manager.nix","before":"x","after":"y"}', 0o644);
  const before = scratch.snapshot();
  assert.equal((await scratch.run(['list', '--json'])).code, 0);
  assert.deepEqual(scratch.snapshot(), before);
});
