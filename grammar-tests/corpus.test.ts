import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNix } from '../src/adapters/registry/parser.ts';
import type { SyntaxNode } from '../src/core/registry/syntax.ts';
import { readCorpus, treeOf, type Construct } from './corpus.ts';
import type { Gap } from './gap.ts';
import { needsNix } from '../test/support/nix.ts';
import { KNOWN_GAPS, MEASURED_WITH } from './known-gaps.ts';
import { nixVersion } from './nix.ts';
import { readTable, renderTable } from './readme.ts';
import { askNix, readAround, type NixVerdict } from './verdicts.ts';

const constructs = readCorpus();
const gaps = new Map(KNOWN_GAPS.flatMap((gap) => gap.constructs.map((name): [string, Gap] => [name, gap])));
const nix = nixVersion();

test('each construct has its tree, and Nix and the reader treat it as recorded', async (t) => {
  assert.ok(constructs.length > 600, `only ${constructs.length} constructs were found`);
  const verdicts = nix === undefined ? undefined : await askNix(t, constructs, isTreeAsked);
  for (const construct of constructs) {
    await t.test(construct.name, () => check(construct, verdicts?.get(construct.name)));
  }
});

// Reports that the comparison with Nix is skipped.
test('Nix is installed for the comparison', needsNix);

test('the table of gaps names each file at most once, and only existing files', () => {
  const named = KNOWN_GAPS.flatMap((gap) => gap.constructs);
  assert.equal(new Set(named).size, named.length);
  const files = new Set(constructs.map(({ name }) => name));
  assert.deepEqual(
    named.filter((name) => !files.has(name)),
    [],
  );
});

test('each gap of the table is a real difference', () => {
  for (const { what, constructs: named, grammar, nix: said, reader, otherNix } of KNOWN_GAPS) {
    if (otherNix === undefined) assert.notDeepEqual({ grammar, nix: said, reader }, usual(named[0] ?? ''), what);
  }
});

test('the README shows the table of gaps', () => {
  assert.equal(readTable(), renderTable(), 'run node dist/grammar-tests/update.js');
});

function isTreeAsked(name: string, root: SyntaxNode): boolean {
  return root.hasError ? gaps.get(name)?.grammar === 'recovers' : name.startsWith('ok/');
}

function check(construct: Construct, verdict: NixVerdict | undefined): void {
  const { name, source, tree } = construct;
  const root = parseNix(source);
  assert.equal(treeOf(root, source), tree, 'the grammar gives another tree');

  const gap = gaps.get(name);
  const expected = gap ?? usual(name);
  const refuses = expected.grammar === 'refuses' || expected.grammar === 'recovers';
  assert.equal(root.hasError, refuses, `the grammar ${root.hasError ? 'refuses' : 'accepts'} it`);
  assert.equal(expected.nix, usual(name).nix, 'ok/ has what Nix accepts, err/ what it refuses');

  const names = readAround(source);
  assert.equal(names === undefined, expected.reader === 'refuses', `the reader reads ${JSON.stringify(names)}`);
  // Another version of Nix may differ here, as the table says.
  if (!verdict || (gap?.otherNix !== undefined && !nix?.startsWith(`${MEASURED_WITH}.`))) return;

  assert.equal(verdict.accepts, expected.nix === 'accepts', `Nix ${verdict.accepts ? 'accepts' : 'refuses'} it`);
  if (names && expected.reader !== 'reads as newer Nix does')
    assert.deepEqual(names, verdict.names, 'Nix reads another list');
  if (!verdict.accepts) assert.equal(verdict.names, undefined, 'the registry around it hides the construct from Nix');
  if (verdict.accepts && !root.hasError) {
    assert.equal(!verdict.agreesWithTree, expected.grammar === 'misreads', 'what the tree means to Nix');
  }
  if (expected.grammar === 'recovers') assert.ok(verdict.acceptsTree, 'Nix refuses the tree without its errors');
}

/** Without a gap, grammar, Nix and reader agree. */
function usual(name: string): Pick<Gap, 'grammar' | 'nix' | 'reader'> {
  return name.startsWith('ok/')
    ? { grammar: 'accepts', nix: 'accepts', reader: 'reads as Nix does' }
    : { grammar: 'refuses', nix: 'refuses', reader: 'refuses' };
}
