import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { check } from '../../src/commands/check/check.ts';
import type { WhisperError } from '../../src/core/errors.ts';
import { commandContext, type CommandContext } from '../support/command-context.ts';
import { hubProject, type HubProject } from '../support/hub-project.ts';
import { Scratch } from '../support/scratch.ts';

const TINY = 'ggml-tiny.en.bin';
const BASE = 'ggml-base.en.bin';

/** Two verified models on the disk, of which the list names what it is given. */
async function project(
  t: TestContext,
  active: readonly string[] | string,
): Promise<HubProject & { readonly context: CommandContext }> {
  const made = await hubProject(t, { [TINY]: 40, [BASE]: 50 }, active);
  await made.place([TINY, BASE], true);
  return { ...made, context: commandContext(made.scratch, made.env) };
}

test('check finds nothing where the folder is equal to the list', async (t) => {
  const { context, scratch } = await project(t, [TINY, BASE]);
  const before = scratch.snapshot();
  const { diagnostics, drift, fixed } = await check(context, { fix: true });
  assert.deepEqual([diagnostics, drift, fixed], [[], { missing: [], extra: [] }, []]);
  assert.deepEqual(scratch.snapshot(), before);
});

test('check names what is listed and missing, and what is on the disk and not listed', async (t) => {
  const { context, scratch } = await project(t, [TINY, 'ggml-small.en.bin']);
  scratch.writeModel('ggml-own.bin', Buffer.from('lmgg own'));
  const { drift, plan } = await check(context, { fix: false });
  assert.deepEqual(drift, { missing: ['ggml-small.en.bin'], extra: [BASE] });
  assert.deepEqual(plan.prune, [{ name: BASE, size: 50 }]);
});

test('--fix writes the sure fixes alone and keeps every other byte', async (t) => {
  const text = `# größer 😀\r\n{ activeModels = [\r\n\t"TINY.EN" # "mine"\r\n\t"${BASE}"\r\n\t"${BASE}" # twice\r\n  "ggml-x.bin"\r\n]; }`;
  const { context, scratch } = await project(t, text);
  const { diagnostics, drift, fixed } = await check(context, { fix: true });
  assert.equal(
    scratch.read(scratch.registry),
    text.replace('"TINY.EN"', `"${TINY}"`).replace(`"${BASE}" # twice`, `# "${BASE}" # twice`),
  );
  assert.equal(fixed.length, 2);
  assert.deepEqual(drift, { missing: ['ggml-x.bin'], extra: [] });
  assert.deepEqual(
    diagnostics.map(({ line }) => line),
    [6],
  );
});

const UNREADABLE: readonly (readonly [text: string, place: string, code: string])[] = [
  ['[ "a", "b" ]', '1:6', 'registry-syntax'],
  ['{ models = [ ]; }', 'no place', 'registry-no-list'],
  ['{\n  activeModels = [ "a" ];\n  b = {\n}', '1:1', 'registry-syntax'],
  ['{ f }: { a = f { activeModels = [ "b" ]; }; }', '1:18', 'registry-no-list'],
  ['{ f }: { activeModels = map f [ "a" ]; }', '1:25', 'registry-computed'],
  ['let activeModels = [ "a" ]; in { activeModels = [ "b" ]; }', '1:34', 'registry-ambiguous'],
];
for (const [text, place, code] of UNREADABLE) {
  test(`check --fix refuses ${JSON.stringify(text)} (${place}) and leaves it as it is`, async (t) => {
    const scratch = Scratch.create(t);
    scratch.writeRegistry(text);
    const context = commandContext(scratch);
    await assert.rejects(check(context, { fix: true, noEval: true }), (error: WhisperError) => {
      const { line, column } = error.place ?? {};
      const found = line === undefined ? 'no place' : `${line}:${column}`;
      assert.deepEqual([error.exitCode, error.code, found], [3, code, place]);
      return true;
    });
    assert.equal(scratch.read(scratch.registry), text);
  });
}
