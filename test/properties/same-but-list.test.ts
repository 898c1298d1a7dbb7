import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseNix } from '../../src/adapters/registry/parser.ts';
import { WhisperError } from '../../src/core/errors.ts';
import { isComputed } from '../../src/core/registry/list.ts';
import { readStatically } from '../../src/core/registry/read-registry.ts';
import { asRegistry, literalLists, type Reading, type Registry } from '../../src/core/registry/registry.ts';
import { readSameButList } from '../../src/core/registry/same-but-list.ts';
import { registry } from '../support/generators/registries.ts';
import { RUNS } from '../support/runs.ts';

/** What may stand between the brackets: what people write, and what could make a lexer lose its way. */
const piece = fc.constantFrom(
  '"ggml-a.bin"',
  '"ggml-b.bin" ',
  '"b" ',
  ' ',
  '\n',
  '\t',
  '# "ggml-c.bin"\n',
  '# ]\n',
  '# ] no end',
  '/* "x" ] */',
  '/* # */ ',
  '/**/',
  '/* open',
  '*/',
  '"',
  "''",
  "''ggml-d.bin''",
  '"${x}"',
  '"\\n"',
  '\r',
  '\r\n',
  '\u0000',
  ']',
  ' ] ++ [ ',
  '[ "y" ]',
  'x ',
  '; ',
  '/* größer 😀 */',
);
const between = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));

function tryReading(text: string): Reading | undefined {
  try {
    return readStatically(parseNix(text), text, { file: 'x.nix', attr: undefined, environment: {} });
  } catch (error) {
    if (error instanceof WhisperError) return undefined;
    throw error;
  }
}

function registryOf(reading: Reading | undefined): Registry | undefined {
  const read = reading && asRegistry(reading);
  return read && !isComputed(read) ? { ...read, modelsDir: undefined } : undefined;
}

test('a text that differs in its list alone is read as the long way reads it, or left to that', (t) => {
  let short = 0;
  fc.assert(
    fc.property(registry, between, ({ text }, inside) => {
      const known = tryReading(text);
      const [list] = known ? literalLists(known.value) : [];
      if (!known || !list) return;
      const changed = `${text.slice(0, list.start + 1)}${inside}${text.slice(list.end - 1)}`;
      const fast = readSameButList(known, 'x.nix', changed);
      if (!fast) return;
      short += 1;
      assert.deepEqual(fast, registryOf(tryReading(changed)));
    }),
    RUNS,
  );
  t.diagnostic(`${short} were read the short way`);
  assert.ok(short > RUNS.numRuns / 100);
});

test('a text is what it was, and what people change in lists is read the short way', () => {
  const around = (list: string): string =>
    `{ pkgs }:\nlet\n  activeModels = [${list}];\nin\n{ inherit activeModels; }\n`;
  const known = tryReading(around('\n "a.bin" # keep\n')) ?? assert.fail('not read');
  for (const list of ['', '\n "a.bin" # keep\n', ' "b.bin" ', '\n    # "a.bin"\n    "c.bin" # ] "\n  '])
    assert.deepEqual(readSameButList(known, 'x.nix', around(list)), registryOf(tryReading(around(list))), list);
  for (const text of ['', around('x'), around(' "a" ++ '), `${around(' ')} `, around(' ').replace('pkgs', 'pkg')])
    assert.equal(readSameButList(known, 'x.nix', text), undefined, text);
});
