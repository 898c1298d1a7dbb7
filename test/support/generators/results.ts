import fc from 'fast-check';
import { code } from './layout.ts';
import { MODULES } from './module-results.ts';
import { binding, EXPORT, letIn, PLAIN, rec, type Result, set } from './parts.ts';

/** A set with one binding for the list, at any attrpath. */
const inSet = (attrpath: string, path: readonly string[]): Result => ({
  write: (list, others) => set(...others.slice(1), binding(attrpath, list), ...others.slice(0, 1)),
  path,
});

const READABLE: readonly Result[] = [
  inSet('activeModels', PLAIN),
  inSet('"activeModels"', PLAIN),
  inSet('${"activeModels"}', PLAIN),
  inSet('whisper.activeModels', ['whisper', 'activeModels']),
  inSet('programs . whisper."activeModels"', ['programs', 'whisper', 'activeModels']),
  inSet('"a b".${"c"}.activeModels', ['a b', 'c', 'activeModels']),
  { write: (list, others) => rec(binding('activeModels', list), ...others), path: PLAIN },
  {
    write: (list, others) =>
      set(binding('config', set(binding('activeModels', list), ...others)), code('imports = [ ];')),
    path: ['config', 'activeModels'],
  },
  {
    write: (list) => set(code('services.whisper.enable = true;'), binding('services.whisper.activeModels', list)),
    path: ['services', 'whisper', 'activeModels'],
  },
  {
    write: (list, others) => set(binding('services.whisper', rec(binding('activeModels', list))), ...others),
    path: ['services', 'whisper', 'activeModels'],
  },
  {
    write: (list, others) => letIn([...others, binding('activeModels', list)], set(code('inherit activeModels;'))),
    path: PLAIN,
  },
  {
    write: (list, others) =>
      letIn([binding('activeModels', list), code('y = 1;')], set(code('inherit y activeModels;'), ...others)),
    path: PLAIN,
  },
  {
    write: (list, others) =>
      letIn([binding('activeModels', list)], set(code('activeModels = activeModels;'), ...others)),
    path: PLAIN,
  },
  {
    write: (list, others) =>
      letIn([...others, binding('activeModels', list)], `{${EXPORT}${code(' packages = [ ]; }')}`),
    path: PLAIN,
  },
  {
    write: (list, others) => rec(binding('chosen', `(${list})`), binding('activeModels', 'chosen'), ...others),
    path: PLAIN,
    isShared: true,
  },
  {
    write: (list, others) =>
      letIn(
        [binding('chosen', list)],
        letIn([binding('again', '(chosen)')], set(binding('activeModels', 'again'), ...others)),
      ),
    path: PLAIN,
  },
  { write: (list, others) => `${set(...others)}${code(' // ')}${set(binding('activeModels', list))}`, path: PLAIN },
  { write: (list) => `${set(binding('activeModels', list))}${code(' // { other = 1; }')}`, path: PLAIN },
  { write: (list) => `(${set(binding('activeModels', list))})${code(' // ({ "quoted" = 1; })')}`, path: PLAIN },
  // One branch defines it, and the other one cannot.
  {
    write: (list, others) =>
      `${code('if 1 < 2 then ')}${set(binding('activeModels', list), ...others)}${code(' else { }')}`,
    path: PLAIN,
  },
  {
    write: (list) => `${code('if 2 < 1 then throw "no list" else ')}${set(binding('activeModels', list))}`,
    path: PLAIN,
  },
  {
    write: (list, others) =>
      `${code('if 2 < 1 then { packages = [ ]; shellHook = ""; } else ')}${letIn(
        [...others, binding('activeModels', list)],
        `{${EXPORT}${code(' packages = [ ]; }')}`,
      )}`,
    path: PLAIN,
  },
  {
    write: (list) =>
      `${code('if 2 < 1 then { } else if 1 < 2 then ')}${set(binding('a.activeModels', list))}${code(
        ' else abort "no list"',
      )}`,
    path: ['a', 'activeModels'],
  },
  {
    write: (list) =>
      letIn(
        [binding('activeModels', list)],
        code('if 1 < 2 then { inherit activeModels; a = 1; } else { inherit activeModels; }'),
      ),
    path: PLAIN,
  },
  // Names of sets of the file.
  { write: (list) => letIn([binding('result', set(binding('activeModels', list)))], 'result'), path: PLAIN },
  {
    write: (list, others) =>
      letIn([binding('more', set(binding('activeModels', list)))], `${set(...others)}${code(' // more')}`),
    path: PLAIN,
  },
  {
    write: (list) =>
      letIn(
        [code('more = if 1 < 2 then { a = 1; } else { b = 1; };')],
        `${set(binding('activeModels', list))}${code(' // more')}`,
      ),
    path: PLAIN,
  },
  { write: (list) => `${set(binding('activeModels', list))}${code(' // (let a = 1; in { b = a; })')}`, path: PLAIN },
  // Syntax that only some versions of Nix know, beside the list.
  {
    write: (list) => set(code('w.a = rec { x = 1; };'), code('w.a.y = 1;'), binding('activeModels', list)),
    path: PLAIN,
  },
  {
    write: (list) =>
      set(binding('activeModels', list), code("text = ''${pkgs.a}'${pkgs.b}'';"), code('inherit (pkgs) ;')),
    path: PLAIN,
  },
  {
    write: (list) => set(code('piped = [ "ggml-no.bin" ] |> map (each: each);'), binding('activeModels', list)),
    path: PLAIN,
  },
];

/** A call whose result has a list of its own, which may be the given one or not. */
const callOf = (call: string, ...bindings: readonly string[]): Result => ({
  write: (list) => letIn([binding('activeModels', list), ...bindings.map(code)], code(call)),
  path: PLAIN,
});

const OTHER = '[ "ggml-o.bin" ]';

const BEYOND: readonly Result[] = [
  callOf(`make ${OTHER}`, 'make = activeModels: { inherit activeModels; };'),
  callOf('make activeModels', `make = models: { activeModels = models ++ ${OTHER}; };`),
  callOf('make { inherit activeModels; }', 'make = builtins.mapAttrs (name: value: map (each: each) value);'),
  callOf(`make ${OTHER}`, 'make = { __functor = self: models: { activeModels = models; }; };'),
  callOf(`(activeModels: { inherit activeModels; }) ${OTHER}`),
  callOf(`(name: { \${name} = ${OTHER}; }) "activeModels"`),
  callOf(`removeAttrs { \${"active" + "Models"} = ${OTHER}; } [ ]`),
  callOf(`with builtins; mapAttrs (name: value: ${OTHER}) { inherit activeModels; }`),
  callOf(`builtins.listToAttrs [ { name = "activeModels"; value = ${OTHER}; } ]`),
  callOf(`if 1 < 2 then set else { }`, `set = { activeModels = ${OTHER}; };`),
  callOf(`set.of`, `set.of = { activeModels = ${OTHER}; };`),
  callOf(`set.of or { }`, `set.of = { activeModels = ${OTHER}; };`),
  callOf(`{ } // set`, `set = { activeModels = ${OTHER}; };`),
  {
    write: (list) => `${set(binding('activeModels', list))}${code(' // ({ other = 1; inherit; } // { })')}`,
    path: PLAIN,
  },
  {
    write: (list) => letIn([code('activeModels = [ "ggml-no.bin" ];')], set(binding('activeModels', list))),
    path: PLAIN,
  },
  {
    write: (list) => `${code('{ activeModels = [ "ggml-no.bin" ]; } // ')}${set(binding('activeModels', list))}`,
    path: PLAIN,
  },
  {
    write: (list) => set(`${code('inherit (')}${rec(binding('activeModels', list))}${code(') activeModels;')}`),
    path: PLAIN,
  },
  {
    write: (list) => rec(binding('activeModels', list), code('__overrides = { activeModels = [ "ggml-o.bin" ]; };')),
    path: PLAIN,
  },
  { write: (list) => `${set(binding('a', set(binding('activeModels', list))))}.a`, path: PLAIN },
  { write: (list) => `${code('(x: ')}${set(binding('activeModels', list))}${code(') 1')}`, path: PLAIN },
  { write: (list) => set(binding('${"active" + "Models"}', list)), path: PLAIN },
  { write: (list) => set(code('w.activeModels.x = 1;'), binding('v.activeModels', list)), path: ['v', 'activeModels'] },
];

/** A `rec` set that the list and its names share. */
export function sharedSet(names: readonly { readonly name: string; readonly value: string }[]): Result {
  const write: Result['write'] = (list, others) =>
    rec(...names.map(({ name, value }) => binding(name, value)), binding('activeModels', list), ...others);
  return { write, path: PLAIN };
}

/** The template of `body` with names in scope: in one `let` or in several, and handed on by `inherit`. */
export function letNames(
  names: readonly { readonly name: string; readonly value: string }[],
  body: string,
  how: 'let' | 'lets' | 'reversed' | 'inherited',
): string {
  const bindings = names.map(({ name, value }) => binding(name, value));
  if (bindings.length === 0) return body;
  switch (how) {
    case 'let':
      return letIn(bindings, body);
    case 'reversed':
      return letIn(bindings.toReversed(), body);
    case 'lets':
      return bindings.reduceRight((inner, each) => letIn([each], inner), body);
    case 'inherited':
      return letIn(bindings, letIn([code(`inherit ${names.map(({ name }) => name).join(' ')};`)], body));
  }
}

/** Forms that a reader has to know, and some that it may leave to Nix. */
export const result: fc.Arbitrary<Result> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...READABLE) },
  { weight: 2, arbitrary: fc.constantFrom(...MODULES).map((form) => ({ ...form, isModule: true })) },
  fc.constantFrom(...BEYOND).map((form) => ({ ...form, beyondReading: true })),
);
