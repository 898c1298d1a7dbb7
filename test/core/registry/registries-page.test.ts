import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blocks, page, sections } from '../../support/pages.ts';
import { add, namesIn, refusalOf } from '../../support/registry-text.ts';

const SECTIONS = sections(page('registries.md'));
const exampleOf = (heading: string): string => blocks(SECTIONS.get(heading) ?? '', 'nix')[0] ?? '';

test('the examples of registries.md are read as the page says', () => {
  assert.deepEqual(namesIn(exampleOf('Lists')), ['ggml-tiny.bin', 'ggml-base.en.bin']);
  for (const heading of ['Branches', 'Updates', 'Modules', 'Calls'])
    assert.deepEqual(namesIn(exampleOf(heading)), ['ggml-base.en.bin'], heading);
  assert.equal(refusalOf(exampleOf('Several lists')).code, 'registry-ambiguous');
  assert.deepEqual(namesIn(exampleOf('Several lists'), { attr: 'home.activeModels' }), ['ggml-tiny.bin']);
  const edited = add(exampleOf('Edits'), 'ggml-small.bin');
  assert.ok(edited.includes('common ++ [ "ggml-base.en.bin" "ggml-small.bin" ]; # added here'));
});
