import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { WhisperError } from '../../../src/core/errors.ts';
import { namesIn } from '../../support/registry-text.ts';
import { nixValues, type NixOutcome } from '../../support/nix-values.ts';

const FIXTURE = join(import.meta.dirname, '../../../../test/fixtures/seed.nix');
// Exported, so that Nix can be asked for it too.
const SEED = readFileSync(FIXTURE, 'utf8').replace('{\n  packages', '{\n  inherit activeModels;\n  packages');
const SEED_NAMES = ['ggml-base.en-q5_1.bin'];
const TOKENS = [...SEED.matchAll(/[A-Za-z_][\w.-]*|''|\/\*|\$\{|\s+|./gsu)];

test('a registry that is truncated anywhere is refused', () => {
  assert.deepEqual(read(SEED), SEED_NAMES);
  for (let end = 0; end < SEED.trimEnd().length; end += 1) {
    assert.equal(read(SEED.slice(0, end)), undefined, `cut off at ${end}`);
  }
});

test('a registry with a missing or repeated token is refused or read as Nix evaluates it', async (t) => {
  await compare(
    t,
    TOKENS.flatMap(({ 0: token, index }) => {
      const [before, after] = [SEED.slice(0, index), SEED.slice(index + token.length)];
      return [before + after, `${before}${token} ${token}${after}`];
    }),
  );
});

test('a registry with anything inserted into its list is refused or read as Nix evaluates it', async (t) => {
  const start = SEED.indexOf('activeModels = [');
  const end = SEED.indexOf('];', start) + 2;
  const inserted = [
    '"',
    "''",
    '[',
    ']',
    '(',
    '#',
    '/*',
    '${',
    '\\',
    ';',
    '=',
    ',',
    '++',
    '.',
    '$',
    '\n',
    '\r',
    '\u00a0',
  ];
  await compare(
    t,
    inserted.flatMap((text) =>
      Array.from({ length: end - start }, (_, at) => SEED.slice(0, start + at) + text + SEED.slice(start + at)),
    ),
  );
});

/** Compares what is readable with Nix. A file that Nix refuses as a whole (an undefined variable) has no value to differ from. */
async function compare(t: TestContext, texts: readonly string[]): Promise<void> {
  const readable = [...new Set(texts)].flatMap((text) => {
    const names = read(text);
    return names ? [{ text, names }] : [];
  });
  assert.ok(readable.length > 100, `only ${readable.length} readable: the damage is too great to tell anything`);
  const values = await nixValues(
    t,
    readable.map(({ text }) => text),
  );
  if (!values) return;
  const known = values.filter(({ kind }) => kind === 'value').length;
  assert.ok(known > readable.length / 2, `Nix has values of ${known} of ${readable.length} texts only`);
  for (const [index, { text, names }] of readable.entries()) {
    const nix: NixOutcome | undefined = values[index];
    if (nix?.kind === 'value') assert.deepEqual(names, nix.value, text);
  }
}

function read(text: string): readonly string[] | undefined {
  try {
    return namesIn(text);
  } catch (error) {
    if (!(error instanceof WhisperError)) throw error;
    assert.equal(error.exitCode, 3);
    return undefined;
  }
}
