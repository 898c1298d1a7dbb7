import fc from 'fast-check';
import { toSri } from '../../../src/core/catalogue/sha256-forms.ts';
import { block, code } from './layout.ts';
import { binding, letIn, rec, set } from './parts.ts';

/** A text that sources are made of, and the names that it needs in a `let` around it. */
export interface Written {
  readonly template: string;
  readonly bindings: readonly string[];
}

const HASH = 'c0'.repeat(32);
export const KEYS = ['ggml-a.bin', 'ggml-b.bin', 'ggml-ä.bin', 'c', 'outPath', 'url', 'large-v3-turbo'];

const plain = (text: string): Written => ({ template: code(text), bindings: [] });
const named = (text: string, ...bindings: readonly string[]): Written => ({
  template: code(text),
  bindings: bindings.map(code),
});

/** Addresses; some are of a scheme that is refused, and some only Nix can tell. */
const anyUrl = fc.constantFrom<Written>(
  plain('"https://a.example/x.bin"'),
  plain('("https://a.example/x.bin")'),
  plain("''https://a.example/y.bin''"),
  plain('https://a.example/b?c=d&e=f$g'),
  plain('"https://a.example/\\${x}.bin"'),
  plain('"https://a.example/$${x}.bin"'),
  plain('"https://a.example/\\q.bin"'),
  plain('"https://a.example" + "/z.bin"'),
  plain('if "a" == "a" then "https://a.example/x" else "https://b.example/x"'),
  plain('let host = "https://a.example"; in "${host}/w.bin"'),
  plain('let address = "https://a.example/v.bin"; in address'),
  plain('let address = "https://a.example/u.bin"; in (let again = address; in again)'),
  plain('toString "https://a.example/x.bin"'),
  named('"${base}/x.bin"', 'base = "https://base.example";'),
  named('base + "/y.bin"', 'base = "https://base.example";'),
  named('address', 'address = "https://let.example/x";'),
  named('true', 'true = "https://true.example/x";'),
  plain('with { address = "https://with.example/x"; }; address'),
  plain('"ftp://a.example/x.bin"'),
  plain('true'),
  plain('17'),
);

const url = fc.oneof({ weight: 2, arbitrary: fc.constant(plain('"https://a.example/x.bin"')) }, anyUrl);

const anyHash = fc.constantFrom<Written>(
  plain(`"${HASH}"`),
  plain(`"${toSri(HASH)}"`),
  plain(`"sha256:${HASH}"`),
  plain("''''"),
  plain('""'),
  named('hash', `hash = "${HASH}";`),
  named('unknown', 'unknown = "";'),
  plain(`builtins.substring 0 64 "${HASH}"`),
  plain('"no hash"'),
);

const hash = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(plain('""'), plain(`"${HASH}"`)) }, anyHash);

const size = fc.constantFrom<Written>(
  plain('1234'),
  plain('007'),
  plain('9007199254740991'),
  plain('9007199254740993'),
  plain('1000 * 2'),
  plain('-1'),
  plain('"12"'),
  named('size', 'size = 99;'),
);

const extra = fc.constantFrom<Written>(
  plain('{ deep.er = [ 1 ]; }'),
  plain('"a note"'),
  named('base', 'base = "https://base.example";'),
  named('size', 'size = 99;'),
  named('hash', `hash = "${HASH}";`),
  plain('builtins.length [ ]'),
);

type Attribute = readonly [name: string, value: Written];

const attributes = fc
  .record(
    {
      url,
      hash,
      sha256: fc.constant(plain(`"${HASH}"`)),
      size: fc.oneof({ weight: 3, arbitrary: fc.constant(plain('1234')) }, size),
      note: extra,
      'url.deep': fc.constant(plain('1')),
    },
    { requiredKeys: ['url'] },
  )
  .map((record): readonly Attribute[] =>
    Object.entries(record)
      .filter((each): each is [string, Written] => each[1] !== undefined)
      .filter(([name]) => name !== 'url.deep' || record.url.template.length % 7 === 0),
  );

/** An entry of `modelSources`: its bindings after the prefix of its own attrpath. */
export interface Entry {
  readonly bind: (prefix: string) => readonly string[];
  readonly bindings: readonly string[];
}

const STYLES = [
  'set',
  'set',
  'set',
  'rec',
  'attrpaths',
  'split',
  'named',
  'twice',
  'inherited',
  'let',
  'letName',
  'update',
  'if',
  'call',
  'parentheses',
  'shadowed',
  'overrides',
  'select',
  'number',
] as const;

const entry = fc
  .tuple(fc.constantFrom(...KEYS), fc.boolean(), attributes, fc.constantFrom(...STYLES), fc.nat(3))
  .map(([key, isQuoted, given, style, number]): Entry & { readonly key: string } => {
    const name = isQuoted || !/^[a-z][\w-]*$/.test(key) ? `"${key}"` : key;
    const bindings = given.flatMap(([, value]) => value.bindings);
    const lines = given.map(([each, value]) => binding(each, value.template));
    const own = `source${number}`;
    const whole = (template: string, ...more: readonly string[]): Entry & { readonly key: string } => ({
      key,
      bind: (prefix) => [binding(prefix + name, template)],
      bindings: [...bindings, ...more],
    });
    switch (style) {
      case 'set':
        return whole(set(...lines));
      case 'rec':
        return whole(rec(...lines, code('version = "1"; note2 = version;')));
      case 'attrpaths':
        return {
          key,
          bind: (prefix) => given.map(([each, value]) => binding(`${prefix}${name}.${each}`, value.template)),
          bindings,
        };
      case 'split':
        return {
          key,
          bind: (prefix) => [
            binding(prefix + name, set(...lines.slice(0, 1))),
            ...given.slice(1).map(([each, value]) => binding(`${prefix}${name}.${each}`, value.template)),
          ],
          bindings,
        };
      case 'named':
        return whole(own, binding(own, set(...lines)));
      case 'twice':
        return whole(`(${own})`, binding(own, `${own}a`), binding(`${own}a`, set(...lines)));
      case 'inherited':
        return whole(set(code('inherit url;'), ...lines.slice(1)), binding('url', given[0]?.[1].template ?? ''));
      case 'let':
        return whole(letIn([code('base = "https://inner.example";')], set(...lines)));
      case 'letName':
        return whole(letIn([binding('own', set(...lines))], 'own'));
      case 'update':
        return whole(`${set(...lines)}${code(' // { note = 2; }')}`);
      case 'if':
        return whole(`${code('if 1 < 2 then ')}${set(...lines)}${code(' else { }')}`);
      case 'call':
        return whole(`${code('(x: x) ')}${set(...lines)}`);
      case 'parentheses':
        return whole(`(${set(...lines)})`);
      case 'shadowed':
        return whole(rec(code('base = "https://shadow.example"; size = 7; hash = "";'), lines[0] ?? ''));
      case 'overrides':
        return whole(rec(...lines, code('__overrides = { size = 5; };')));
      case 'select':
        return whole(`${block('{', [binding('inner', set(...lines))], '}')}.inner`);
      case 'number':
        return whole('17');
    }
  });

export const entries = fc.uniqueArray(entry, { maxLength: 3, selector: ({ key }) => key });
