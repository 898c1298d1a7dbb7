import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Sample } from '../comparison.ts';
import { registry } from './registries.ts';

const FOLDER = join(import.meta.dirname, '../../../../test/fixtures/registries');

// The files whose list is not at the top of what they evaluate to.
const PATHS: Readonly<Record<string, readonly string[]>> = {
  'alejandra-home.nix': ['programs', 'whisper', 'activeModels'],
  'config-section.nix': ['config', 'activeModels'],
  'nixpkgs-fmt-flake-part.nix': ['whisper', 'activeModels'],
};

/** Registries as people write them, by hand in the styles of the common formatters and of none. */
export const REAL: readonly (Sample & { readonly file: string; readonly path: readonly string[] })[] = readdirSync(
  FOLDER,
)
  .toSorted()
  .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8'), path: PATHS[file] ?? ['activeModels'] }));

/** What an editor, a merge or a slip of the hand puts into a file, and what a reader could take for something else. */
const INSERTED = [
  ..."\" '' [ ] ( ) { } # /* */ ${ \\ ; = , ++ // . $ ' : @ ? ... - ! < > == && -> |> \\n [] {}".split(' '),
  ...'or inherit rec let in with if then else assert null x lib pkgs activeModels __overrides __functor'.split(' '),
  ...'1 1. .5 1e3 9223372036854775808 a:b ./. ./a/ <a> ~/a a.b "" \'\'\'\' ${"a"} "${"a"}" \'\'${ \'\'\\ $${'.split(
    ' ',
  ),
  ...' |\n|\t|\r|\r\n|\0|\u00a0|\ufeff|\u2028|\v|é|😀|# "|/* "|<<<<<<< HEAD\n|=======\n|x: |{ x }: '.split('|'),
  ...'a ? b|a or b|rec { }|++ [ ]|// { }|let in|with { };|assert false;|"ggml-x.bin"|[ "ggml-x.bin" ]'.split('|'),
  ...'activeModels = [ ];|inherit activeModels;|${"activeModels"} = [ ];|"active${"Models"}" = [ ];'.split('|'),
  'activeModels.x = 1;',
];

/** A place in a text: anywhere, or in or near its list. */
type At = { readonly anywhere: number } | { readonly near: number; readonly mention: number };

const at: fc.Arbitrary<At> = fc.oneof(
  fc.record({ near: fc.integer({ min: -12, max: 70 }), mention: fc.nat(3) }),
  fc.record({ anywhere: fc.nat(100_000) }),
);

type Change =
  | { readonly kind: 'delete' | 'double'; readonly at: At; readonly count: number }
  | { readonly kind: 'swap' | 'replace'; readonly at: At; readonly other: At }
  | { readonly kind: 'insert'; readonly at: At; readonly text: string }
  | { readonly kind: 'truncate'; readonly at: At };

const kind = <K extends string>(name: K): fc.Arbitrary<K> => fc.constant(name);

const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: kind('delete'), at, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: kind('double'), at, count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: kind('swap'), at, other: at }),
  fc.record({ kind: kind('replace'), at, other: at }),
  { weight: 3, arbitrary: fc.record({ kind: kind('insert'), at, text: fc.constantFrom(...INSERTED) }) },
  fc.record({ kind: kind('truncate'), at }),
);

const changes = fc.oneof(
  { weight: 2, arbitrary: anyChange.map((only) => [only]) },
  fc.array(anyChange, { minLength: 2, maxLength: 3 }),
);

const ends = fc.constantFrom('\n', '\n', '\n', '\r\n');

// Mostly what people write; sometimes what else there can be.
const source: fc.Arbitrary<Sample> = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...REAL) }, registry);

/** A registry with a few of its tokens gone, doubled, swapped, replaced or put in, or cut off. */
export const damaged: fc.Arbitrary<Sample> = fc.record({ source, changes, end: ends }).map((given) => {
  const text = given.changes.reduce(damage, tokensOf(given.source.text)).join('');
  return { text: given.end === '\n' ? text : text.replace(/\r?\n/g, given.end), path: given.source.path ?? [] };
});

function tokensOf(text: string): readonly string[] {
  return text.match(/[A-Za-z_][\w'-]*|\d+|''|\/\*|\*\/|\$\{|\+\+|\/\/|->|==|&&|\|\||\.{3}|[ \t]+|[^]/gu) ?? [];
}

function damage(tokens: readonly string[], change: Change): readonly string[] {
  const place = placeOf(tokens, change.at);
  const token = tokens[place] ?? '';
  switch (change.kind) {
    case 'delete':
      return tokens.toSpliced(place, change.count);
    case 'double':
      return tokens.toSpliced(place, 0, ...tokens.slice(place, place + change.count));
    case 'replace':
      return tokens.toSpliced(place, 1, tokens[placeOf(tokens, change.other)] ?? '');
    case 'swap': {
      const other = placeOf(tokens, change.other);
      return tokens.toSpliced(place, 1, tokens[other] ?? '').toSpliced(other, 1, token);
    }
    case 'insert':
      return tokens.toSpliced(place, 0, change.text);
    case 'truncate':
      return tokens.slice(0, place);
  }
}

function placeOf(tokens: readonly string[], where: At): number {
  const mentions = [...tokens.keys()].filter((index) => tokens[index] === 'activeModels');
  const place = 'near' in where ? (mentions[where.mention % mentions.length] ?? 0) + where.near : where.anywhere;
  return Math.max(0, place) % Math.max(1, tokens.length);
}
