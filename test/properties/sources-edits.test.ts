import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { NewSource } from '../../src/core/registry/sources/source.ts';
import { assertInBatches } from '../support/batches.ts';
import { askNix } from '../support/comparison.ts';
import { evaluatedModule } from '../support/generators/modules.ts';
import { sourced, type Sourced } from '../support/generators/sourced.ts';
import { randomRuns } from '../support/runs.ts';
import { askForRest, askForSources, meaningOf, print } from '../support/sources-in-nix.ts';
import { sourcesIn, withoutSources, withPins, withSources } from '../support/sources-text.ts';

const SHA256 = '0f'.repeat(32);
const URLS = ['https://new.example/n.bin', "https://new.example/\"\\${x}$${y}''#;*/é.bin", 'https://new.example/\\n'];

const added = fc.uniqueArray(
  fc.record({
    file: fc.constantFrom('ggml-new.bin', 'ggml-other.bin', 'ggml-a.bin'),
    url: fc.constantFrom(...URLS),
    sha256: fc.constantFrom(SHA256, undefined),
    size: fc.constantFrom(4321, undefined),
  }),
  { minLength: 1, maxLength: 2, selector: ({ file }) => file },
);

const isReadable = (found: ReturnType<typeof sourcesIn>): boolean => found === 'none' || Array.isArray(found);

type How = 'add' | 'complete' | 'remove';

/** The text after an edit, and the sources that it has to have; `undefined`: nothing is edited. */
interface Edited extends Sourced {
  readonly how: How;
  readonly after: { readonly text: string; readonly wanted: readonly NewSource[] } | undefined;
}

function edit(sample: Sourced, how: How, given: readonly NewSource[]): Edited {
  const { text } = sample;
  const found = sourcesIn(text);
  const before = found === 'none' ? [] : found;
  if (!Array.isArray(before)) return { ...sample, how, after: undefined };
  const known = before as readonly NewSource[];
  const pins = known.map((each) => ({ ...each, sha256: each.sha256 ?? SHA256, size: each.size ?? 4321 }));
  const files = known.slice(0, 1).map(({ file }) => file);
  const isNew = ({ file }: NewSource): boolean => known.every((each) => each.file !== file);
  const fresh = given.filter(isNew);
  const changed = {
    add: () => withSources(text, fresh),
    complete: () => withPins(text, pins),
    remove: () => withoutSources(text, files),
  }[how]();
  if (typeof changed !== 'string' || changed === text) return { ...sample, how, after: undefined };
  const own = sourcesIn(changed);
  const wanted = {
    add: [...known, ...fresh],
    // Some have no place for what they lack.
    complete: pins.map((pin, index) => {
      const now = Array.isArray(own) ? (own as readonly NewSource[]).find(({ file }) => file === pin.file) : undefined;
      return now?.sha256 === pin.sha256 && now?.size === pin.size ? pin : (known[index] ?? pin);
    }),
    remove: known.slice(1),
  }[how];
  return { ...sample, how, after: { text: changed, wanted } };
}

test('an edit of sources changes nothing else that Nix evaluates, and Nix has what was asked for', async (t) => {
  const tally = { add: 0, complete: 0, remove: 0 };
  const edits = fc
    .tuple(
      sourced.filter(({ text }) => isReadable(sourcesIn(text))),
      fc.constantFrom<How>('add', 'complete', 'remove'),
      added,
    )
    .map((given) => edit(...given));
  const isTold = await assertInBatches(edits, randomRuns(600, 2), async (samples) => {
    const questions = samples.flatMap(({ text, probe, path, isModule, after }) => {
      if (!after) return [];
      const shown = (each: string): string => (isModule ? evaluatedModule(each) : each);
      const isHidden = probe !== shown(text);
      return [
        askForRest(shown(text), path),
        askForRest(shown(after.text), path),
        isHidden ? { text: '{ pairs = null; }', path: ['pairs'] } : askForSources(shown(after.text), path),
      ];
    });
    const outcomes = (await askNix(t, questions))?.values();
    if (!outcomes) return undefined;
    return samples.map(({ text, probe, isModule, how, after }) => {
      if (!after) return undefined;
      const [before, now, sources] = [outcomes.next().value, outcomes.next().value, outcomes.next().value];
      tally[how] += 1;
      const complain = (what: string): string =>
        `${how}: ${what}\n${text}\nbecame\n${after.text}\n${JSON.stringify([before, now, sources])}`;
      if (before?.kind === 'value' && !isDeepStrictEqual(before, now)) return complain('another value changed');
      if (before?.kind !== now?.kind) return complain('it evaluates in another way');
      const found = sourcesIn(after.text);
      const own = found === 'none' ? [] : found;
      const wanted = print(after.wanted);
      if (!Array.isArray(own) || print(own) !== wanted) return complain('it is read in another way');
      const isHidden = probe !== (isModule ? evaluatedModule(text) : text);
      if (!isHidden && found !== 'none' && meaningOf(sources) !== wanted) return complain('Nix has other sources');
      return undefined;
    });
  });
  if (isTold)
    assert.ok(
      Object.values(tally).every((count) => count > 0),
      JSON.stringify(tally),
    );
});
